package dev.trunkline.api;

import static io.restassured.RestAssured.given;
import static io.restassured.RestAssured.when;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import dev.trunkline.outbound.RawServer;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The secrets that callbacks are signed with, over HTTP. */
@QuarkusTest
class CallbackSecretsResourceTest {

  @Test
  void secretsAreRotatedWithoutAMomentInWhichNoneOfThemSigns() throws Exception {
    String old = Callbacks.secret();
    String oldId = when().get(Callbacks.SECRETS).path("items[0].id");
    Response made = given().post(Callbacks.SECRETS);
    made.then().statusCode(201).header("Cache-Control", "no-store");
    String fresh = made.path("secret");
    try (RawServer receiver = RawServer.saying(Callbacks.OK)) {
      Callbacks.submit("noop", "1", Callbacks.url(receiver));
      Callbacks.until(() -> assertThat(receiver.bodies()).hasSize(1));

      assertThat(Callbacks.signatures(receiver))
          .isEqualTo(Callbacks.expected(fresh, receiver) + " " + Callbacks.expected(old, receiver));
    }
    given().delete(Callbacks.SECRETS + "/" + oldId).then().statusCode(204);
    try (RawServer receiver = RawServer.saying(Callbacks.OK)) {
      Callbacks.submit("noop", "1", Callbacks.url(receiver));
      Callbacks.until(() -> assertThat(receiver.bodies()).hasSize(1));

      assertThat(Callbacks.signatures(receiver)).isEqualTo(Callbacks.expected(fresh, receiver));
    }
  }

  @Test
  void aSecretIsShownByTheAnswerThatMakesItAndNeverAgain() {
    String secret = Callbacks.secret();
    assertThat(secret).startsWith("whsec_");

    String listed = when().get(Callbacks.SECRETS).asString();
    assertThat(listed)
        .contains("\"id\"", "\"createdAt\"", "\"configured\":0")
        .doesNotContain("whsec_", "\"secret\"", secret.replace("whsec_", ""));
  }

  @Test
  void thereAreAtMostFive() {
    Callbacks.secret();
    for (int i = 0; i < 4; i++) {
      given().post(Callbacks.SECRETS).then().statusCode(201);
    }

    given()
        .post(Callbacks.SECRETS)
        .then()
        .statusCode(409)
        .body("type", equalTo("/problems/secrets-stay"));
    when().get(Callbacks.SECRETS).then().body("items", hasSize(5));
    Callbacks.keepNewest();
  }

  @Test
  void theOnlyOneStays() {
    Callbacks.secret();
    String only = when().get(Callbacks.SECRETS).path("items[0].id");

    given()
        .delete(Callbacks.SECRETS + "/" + only)
        .then()
        .statusCode(409)
        .body("type", equalTo("/problems/secrets-stay"));
    for (String unknown : List.of(UUID.randomUUID().toString(), "nonsense")) {
      given()
          .delete(Callbacks.SECRETS + "/" + unknown)
          .then()
          .statusCode(404)
          .body("type", equalTo("/problems/no-such-secret"));
    }
  }
}
