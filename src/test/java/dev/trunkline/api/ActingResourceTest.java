package dev.trunkline.api;

import static io.restassured.RestAssured.given;
import static io.restassured.RestAssured.when;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

@QuarkusTest
class ActingResourceTest {

  private static final String TASKS = "/api/v1/tasks/";
  private static final String NOBODY = "0199d1c4-0000-7000-8000-000000000000";

  /** An address that is refused, for good. */
  private static final String REJECTED =
      "{\"type\":\"web.wordcount\",\"maxAttempts\":1,"
          + "\"payload\":{\"url\":\"http://169.254.169.254/\"}}";

  @Test
  void aFailedTaskIsRetriedWithItsHistoryKept() {
    String id = submit(REJECTED);
    await(id, "failed");

    when()
        .post(TASKS + id + "/retry")
        .then()
        .statusCode(202)
        .body("id", equalTo(id))
        .body("attempt", equalTo(2));

    // The first end is forgotten at once, and the second one comes soon.
    await(id, "failed");
    when()
        .get(TASKS + id + "/attempts")
        .then()
        .body("items.number", contains(1, 2))
        .body("items.finished", contains(notNullValue(), notNullValue()));
  }

  @Test
  void aCancelledTaskIsRetriedAndSucceeds() {
    String id = submit("{\"type\":\"noop\",\"payload\":1,\"delay\":\"PT1H\"}");
    when().post(TASKS + id + "/cancel").then().statusCode(200);

    when().post(TASKS + id + "/retry").then().statusCode(202);

    await(id, "succeeded");
    when().get(TASKS + id + "/attempts").then().body("items", hasSize(1));
  }

  @Test
  void aTaskInAnyOtherStateIsNotRetried() {
    String waiting = submit("{\"type\":\"noop\",\"payload\":1,\"delay\":\"PT1H\"}");
    String done = submit("{\"type\":\"noop\",\"payload\":1}");
    await(done, "succeeded");

    for (String id : new String[] {waiting, done}) {
      when()
          .post(TASKS + id + "/retry")
          .then()
          .statusCode(409)
          .contentType("application/problem+json")
          .body("type", equalTo("/problems/wrong-state"));
    }
  }

  @Test
  void aFinalTaskIsForgotten() {
    String id = submit("{\"type\":\"noop\",\"payload\":1}");
    await(id, "succeeded");

    when().delete(TASKS + id).then().statusCode(204);

    when().get(TASKS + id).then().statusCode(404);
    when().get(TASKS + id + "/attempts").then().statusCode(404);
    when().delete(TASKS + id).then().statusCode(404);
  }

  @Test
  void theKeyOfAForgottenTaskIsFree() {
    String first = submitUnder("acting-1");
    await(first, "succeeded");
    when().delete(TASKS + first).then().statusCode(204);

    given()
        .contentType(ContentType.JSON)
        .header("Idempotency-Key", "\"acting-1\"")
        .body("{\"type\":\"noop\",\"payload\":\"another\"}")
        .post(TASKS)
        .then()
        .statusCode(202)
        .header("Idempotency-Replayed", equalTo(null));
  }

  @Test
  void aTaskThatIsNotFinalIsNotForgotten() {
    String id = submit("{\"type\":\"noop\",\"payload\":1,\"delay\":\"PT1H\"}");

    when()
        .delete(TASKS + id)
        .then()
        .statusCode(409)
        .body("type", equalTo("/problems/wrong-state"))
        .body(
            "detail",
            equalTo(
                "Task "
                    + id
                    + " is scheduled; this needs one that is succeeded,"
                    + " failed or cancelled."));
  }

  @Test
  void whatIsNotThereIsNeitherRetriedNorForgotten() {
    for (String id : new String[] {NOBODY, "nonsense"}) {
      when().post(TASKS + id + "/retry").then().statusCode(404);
      when().delete(TASKS + id).then().statusCode(404);
    }
  }

  private static void await(String id, String state) {
    Awaitility.await()
        .until(() -> when().get(TASKS + id).then().extract().path("state").equals(state));
  }

  private static String submit(String body) {
    return given()
        .contentType(ContentType.JSON)
        .body(body)
        .post(TASKS)
        .then()
        .statusCode(202)
        .extract()
        .path("id");
  }

  private static String submitUnder(String key) {
    return given()
        .contentType(ContentType.JSON)
        .header("Idempotency-Key", key)
        .body("{\"type\":\"noop\",\"payload\":1}")
        .post(TASKS)
        .then()
        .statusCode(202)
        .extract()
        .path("id");
  }
}
