package dev.trunkline.security;

import static io.restassured.RestAssured.given;
import static io.restassured.RestAssured.when;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import dev.trunkline.LogListener;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@TestProfile(TokenMode.class)
class TokenModeResourceTest {

  private static final String TASKS = "/api/v1/tasks";
  private static final String TYPES = "/api/v1/task-types";

  @Test
  void aTokenIsTakenWithTheRolesOfItsName() {
    submit(as(TokenMode.SUBMITTER)).statusCode(202);
    submit(as(TokenMode.OPERATOR)).statusCode(202);
    submit(as(TokenMode.WORKER)).statusCode(403);
    as(TokenMode.WORKER).get(TYPES).then().statusCode(200);
  }

  @Test
  void twoTokensForOneHolderAreTakenSideBySide() {
    submit(as(TokenMode.OPERATOR)).statusCode(202);
    submit(as(TokenMode.OPERATOR_NEXT)).statusCode(202);
  }

  @ParameterizedTest
  @ValueSource(strings = {"bearer", "BEARER"})
  void theNameOfTheSchemeMayBeWrittenInAnyCase(String scheme) {
    given()
        .header("Authorization", scheme + " " + TokenMode.SUBMITTER)
        .get(TYPES)
        .then()
        .statusCode(200);
  }

  @Test
  void withoutCredentialsTheAnswerIs401WithAChallenge() {
    assertProblem(submit(given()), 401, "/problems/unauthorized", TASKS)
        .header("WWW-Authenticate", "Bearer");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Basic c2hvcDpzaG9w", "k2Yw0mE3cV4qLh7sTz8uXj1nRb5dGf6p", "Bearer", ""})
  void credentialsOfAnotherSchemeAreNone(String header) {
    given()
        .header("Authorization", header)
        .get(TYPES)
        .then()
        .statusCode(401)
        .header("WWW-Authenticate", "Bearer");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"made-up", "k2Yw0mE3cV4qLh7sTz8uXj1nRb5dGf6", "K2YW0ME3CV4QLH7STZ8UXJ1NRB5DGF6P"})
  void aBadTokenIs401AndToldToBeBad(String token) {
    assertProblem(submit(as(token)), 401, "/problems/invalid-token", TASKS)
        .header("WWW-Authenticate", "Bearer error=\"invalid_token\"");
  }

  @Test
  void theHashOfATokenIsNoToken() {
    submit(as(TokenMode.sha256(TokenMode.OPERATOR))).statusCode(401);
  }

  @Test
  void aTokenInTheQueryIsNone() {
    given().get(TYPES + "?access_token=" + TokenMode.OPERATOR).then().statusCode(401);
  }

  @Test
  void withoutTheRoleTheAnswerIs403() {
    assertProblem(submit(as(TokenMode.WORKER)), 403, "/problems/forbidden", TASKS)
        .header("WWW-Authenticate", "Bearer error=\"insufficient_scope\"");
  }

  @Test
  void nobodyLearnsWhatIsThere() {
    for (String path : List.of("/api/v1/nothing", "/nothing", "/", "/q/nothing", "/q/dev-ui")) {
      when().get(path).then().statusCode(401);
    }
    given().contentType("text/plain").body("x").post(TASKS).then().statusCode(401);
    given().delete(TYPES).then().statusCode(401);
  }

  @Test
  void whoMayDoSomethingLearnsWhatIsNotThere() {
    as(TokenMode.WORKER).get("/api/v1/nothing").then().statusCode(404);
    as(TokenMode.SUBMITTER).contentType("text/plain").body("x").post(TASKS).then().statusCode(415);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/q/health", "/q/health/live", "/q/health/ready", "/q/health/started"})
  void healthIsOpenWhateverItIsSent(String path) {
    when().get(path).then().statusCode(200);
    as("made-up").get(path).then().statusCode(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/q/metrics", "/q/openapi", "/q/swagger-ui/"})
  void metricsAndTheDocumentAreForThoseWithARole(String path) {
    assertProblem(when().get(path).then(), 401, "/problems/unauthorized", path);
    assertProblem(as("made-up").get(path).then(), 401, "/problems/invalid-token", path);
    as(TokenMode.WORKER).get(path).then().statusCode(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/q/health/../metrics",
        "/q/health/%2e%2e/metrics",
        "/q/health/../../api/v1/task-types",
        "/problems/../api/v1/task-types",
        "/q/healthy",
        "//api/v1/task-types",
        "/api//v1/task-types",
        "/api/v1/task-types;/q/health",
        "/api/v1/task-types/"
      })
  void noWayOfWritingAPathLeadsAroundTheDoor(String path) {
    given().urlEncodingEnabled(false).get(path).then().statusCode(401);
  }

  @Test
  void noTokenIsInALogOrAnAnswer() {
    try (LogListener log = new LogListener("")) {
      String refused = submit(as("made-up-but-secret")).extract().asString();
      String forbidden = submit(as(TokenMode.WORKER)).extract().asString();
      assertThat(refused + forbidden).doesNotContain("made-up-but-secret", TokenMode.WORKER);

      assertThat(log.heard())
          .extracting(
              line -> line.getMessage() + Arrays.toString(line.getParameters()) + line.getThrown())
          .noneMatch(line -> line.contains("made-up") || line.contains(TokenMode.WORKER));
    }
  }

  private static ValidatableResponse submit(RequestSpecification request) {
    return request
        .contentType("application/json")
        .body("{\"type\":\"noop\",\"payload\":1}")
        .post(TASKS)
        .then();
  }

  private static ValidatableResponse assertProblem(
      ValidatableResponse answer, int status, String type, String instance) {
    return answer
        .statusCode(status)
        .contentType("application/problem+json")
        .body("type", equalTo(type))
        .body("status", equalTo(status))
        .body("instance", equalTo(instance));
  }

  private static RequestSpecification as(String token) {
    return given().header("Authorization", "Bearer " + token);
  }
}
