package dev.trunkline.api;

import static io.restassured.RestAssured.given;
import static io.restassured.RestAssured.when;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
class RedriveResourceTest {

  private static final String TASKS = "/api/v1/tasks";

  private final String tag = "redrive-" + UUID.randomUUID();

  @Test
  void theCancelledOfATagRunAgain() {
    cancelled(3);

    retry("?state=cancelled&tag=" + tag)
        .statusCode(202)
        .body("retried", equalTo(3))
        .body("next", nullValue());

    Awaitility.await().until(() -> count("succeeded") == 3);
    retry("?state=cancelled&tag=" + tag).body("retried", equalTo(0)).body("next", nullValue());
  }

  @Test
  void withoutAStateOnlyTheFailedDo() {
    cancelled(1);

    retry("?tag=" + tag).statusCode(202).body("retried", equalTo(0));
  }

  @Test
  void aLimitBoundsThemAndTheCursorGoesOn() {
    cancelled(3);

    String next =
        retry("?state=cancelled&limit=2&tag=" + tag)
            .body("retried", equalTo(2))
            .body("next", notNullValue())
            .extract()
            .path("next");

    retry("?state=cancelled&tag=" + tag + "&cursor=" + next)
        .body("retried", equalTo(1))
        .body("next", nullValue());
  }

  @Test
  void theFiltersMayComeAsABody() {
    cancelled(2);

    given()
        .contentType(ContentType.JSON)
        .body("{\"state\":\"cancelled\",\"tag\":\"" + tag + "\",\"limit\":500}")
        .post(TASKS + "/retry")
        .then()
        .statusCode(202)
        .body("retried", equalTo(2));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | needs at least one filter",
        "?limit=5 | needs at least one filter",
        "?state=queued | needs failed or cancelled in the query parameter state",
        "?state=succeeded | needs failed or cancelled in the query parameter state",
        "?state=failed&limit=10001 | needs a whole number from 1 to 10000",
        "?typ=noop | did you mean \"type\"?"
      })
  void whatCannotBeMeantIsRefused(String query, String detail) {
    retry(query)
        .statusCode(400)
        .contentType("application/problem+json")
        .body("errors.detail.toString()", containsString(detail));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"status\":\"failed\"} | did you mean \"state\"?",
        "{\"type\":\"noop\"} | has type both in its body and as a query parameter",
        "[] | must be a JSON object",
        "nonsense | is not JSON"
      })
  void aBodyIsReadAsStrictly(String body, String detail) {
    given()
        .contentType(ContentType.JSON)
        .body(body)
        .post(TASKS + "/retry?type=noop")
        .then()
        .statusCode(400)
        .body("errors.detail.toString()", containsString(detail));
  }

  private void cancelled(int count) {
    for (int i = 0; i < count; i++) {
      String id =
          given()
              .contentType(ContentType.JSON)
              .body(
                  "{\"type\":\"noop\",\"payload\":1,\"delay\":\"PT1H\",\"tags\":[\"" + tag + "\"]}")
              .post(TASKS)
              .then()
              .statusCode(202)
              .extract()
              .path("id");
      when().post(TASKS + "/" + id + "/cancel").then().statusCode(200);
    }
  }

  private int count(String state) {
    return when()
        .get(TASKS + "?tag=" + tag + "&state=" + state)
        .then()
        .extract()
        .path("items.size()");
  }

  private static ValidatableResponse retry(String query) {
    return when().post(TASKS + "/retry" + query).then();
  }
}
