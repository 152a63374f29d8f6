package dev.trunkline.security;

import static io.restassured.RestAssured.given;
import static io.restassured.RestAssured.when;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import io.smallrye.jwt.build.JwtClaimsBuilder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.stream.IntStream;
import org.jose4j.jwt.JwtClaims;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@TestProfile(OidcMode.class)
class OidcModeResourceTest {

  private static final String TASKS = "/api/v1/tasks";

  @Test
  void aTokenOfTheProviderIsTakenWithTheRolesInIt() {
    submit(Issuer.token("alice", "submitter")).statusCode(202);
    submit(Issuer.token("bob", "operator", "something-else")).statusCode(202);
    assertForbidden(Issuer.token("carol", "worker"));
  }

  @Test
  void aTokenWithoutARoleOfOursOpensNothing() {
    assertForbidden(Issuer.token("dave"));
    assertForbidden(Issuer.token("dave", "admin"));
    as(Issuer.token("dave", "admin")).get("/api/v1/nothing").then().statusCode(403);
  }

  @Test
  void aTokenOfAnotherIssuerIsRefused() {
    assertRefused(sign(Issuer.claims("eve", "operator").issuer("https://elsewhere.example")));
  }

  @Test
  void aTokenForAnotherServiceIsRefused() {
    assertRefused(sign(Issuer.claims("eve", "operator").audience("billing")));
  }

  @Test
  void anExpiredTokenIsRefused() {
    assertRefused(sign(Issuer.claims("eve", "operator").issuedAt(1_000).expiresAt(2_000)));
  }

  @Test
  void aTokenThatNeverExpiresIsRefused() {
    JwtClaims claims = new JwtClaims();
    claims.setIssuer(Issuer.issuer());
    claims.setAudience("trunkline");
    claims.setSubject("eve");
    claims.setIssuedAtToNow();
    claims.setStringListClaim("groups", "operator");
    assertRefused(Issuer.sign(claims));

    claims.setExpirationTimeMinutesInTheFuture(5);
    submit(Issuer.sign(claims)).statusCode(202);
  }

  @Test
  void aTokenSignedWithAnotherKeyIsRefused() {
    assertRefused(Issuer.sign(Issuer.claims("eve", "operator"), Issuer.KEY_OF_SOMEBODY_ELSE));
  }

  @Test
  void aTokenThatWasChangedIsRefused() {
    String[] parts = Issuer.token("eve", "worker").split("\\.");
    String claims = new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8);

    assertRefused(parts[0] + "." + base64(claims.replace("worker", "operator")) + "." + parts[2]);
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "None", "HS256"})
  void aTokenThatIsNotSignedIsRefused(String algorithm) {
    String claims = Issuer.token("eve", "operator").split("\\.")[1];
    String header = base64("{\"alg\":\"%s\",\"typ\":\"JWT\",\"kid\":\"1\"}".formatted(algorithm));

    assertRefused(header + "." + claims + ".");
  }

  /** Where the verifier lets the token choose, the public key passes for a shared secret. */
  @Test
  void aTokenSignedWithThePublicKeyAsASecretIsRefused() {
    String secret = Base64.getEncoder().encodeToString(Issuer.KEY.getPublicKey().getEncoded());

    assertRefused(Issuer.claims("eve", "operator").jws().keyId("1").signWithSecret(secret));
  }

  @ParameterizedTest
  @ValueSource(strings = {"made-up", "a.b.c", "k2Yw0mE3cV4qLh7sTz8uXj1nRb5dGf6p"})
  void whatIsNoTokenOfAProviderIsRefused(String token) {
    assertRefused(token);
  }

  @Test
  void withoutCredentialsTheAnswerIs401WithAChallenge() {
    given()
        .get("/api/v1/task-types")
        .then()
        .statusCode(401)
        .contentType("application/problem+json")
        .body("type", equalTo("/problems/unauthorized"))
        .header("WWW-Authenticate", "Bearer");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/q/metrics", "/q/openapi", "/q/swagger-ui/", "/q/health/ready"})
  void whatTheSettingsOpenIsOpenWhateverItIsSent(String path) {
    when().get(path).then().statusCode(200);
    as("made-up").get(path).then().statusCode(200);
  }

  @Test
  void whoSendsTooMuchIsToldWhenToComeBackAndNobodyElseIs() {
    RequestSpecification flood = as(Issuer.token("flood", "submitter"));
    Response refused =
        IntStream.range(0, 100 * OidcMode.BURST)
            .mapToObj(_ -> flood.get("/api/v1/task-types"))
            .filter(answer -> answer.statusCode() != 200)
            .findFirst()
            .orElseThrow();

    refused
        .then()
        .statusCode(429)
        .contentType("application/problem+json")
        .header("Retry-After", "1")
        .body("type", equalTo("/problems/too-many-requests"))
        .body("instance", equalTo("/api/v1/task-types"));
    submit(Issuer.token("calm", "submitter")).statusCode(202);
  }

  @Test
  void healthIsNotCounted() {
    assertThat(IntStream.range(0, 2 * OidcMode.BURST))
        .allSatisfy(_ -> when().get("/q/health/live").then().statusCode(200));
  }

  private static void assertRefused(String token) {
    submit(token)
        .statusCode(401)
        .contentType("application/problem+json")
        .body("type", equalTo("/problems/invalid-token"))
        .header("WWW-Authenticate", "Bearer error=\"invalid_token\"");
  }

  private static void assertForbidden(String token) {
    submit(token)
        .statusCode(403)
        .contentType("application/problem+json")
        .body("type", equalTo("/problems/forbidden"));
  }

  private static ValidatableResponse submit(String token) {
    return as(token)
        .contentType("application/json")
        .body("{\"type\":\"noop\",\"payload\":1}")
        .post(TASKS)
        .then();
  }

  private static String sign(JwtClaimsBuilder claims) {
    return Issuer.sign(claims, Issuer.KEY);
  }

  private static String base64(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static RequestSpecification as(String token) {
    return given().header("Authorization", "Bearer " + token);
  }
}
