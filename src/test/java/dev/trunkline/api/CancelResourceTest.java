package dev.trunkline.api;

import static io.restassured.RestAssured.given;
import static io.restassured.RestAssured.when;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

@QuarkusTest
class CancelResourceTest {

  private static final String TASKS = "/api/v1/tasks";

  @Test
  void aTaskThatWaitsIsCancelledAtOnceAndOnlyOnce() {
    String id = submit("{\"type\":\"noop\",\"payload\":1,\"delay\":\"PT1H\"}");

    when()
        .post(TASKS + "/" + id + "/cancel")
        .then()
        .statusCode(200)
        .body("state", equalTo("cancelled"));
    when()
        .post(TASKS + "/" + id + "/cancel")
        .then()
        .statusCode(409)
        .contentType("application/problem+json")
        .body("type", equalTo("/problems/wrong-state"));
  }

  @Test
  void aRunningHandlerIsInterrupted() {
    String id = submit("{\"type\":\"echo\",\"payload\":{\"text\":\"x\",\"time\":500}}");
    Awaitility.await().until(() -> state(id).equals("running"));

    when().post(TASKS + "/" + id + "/cancel").then().statusCode(202);
    Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> state(id).equals("cancelled"));

    when()
        .get(TASKS + "/" + id + "/attempts")
        .then()
        .body("items", hasSize(1))
        .body("items[0].outcome", equalTo("cancelled"));
  }

  @Test
  void whatIsNotThereIsNotCancelled() {
    when().post(TASKS + "/0199d1c4-0000-7000-8000-000000000000/cancel").then().statusCode(404);
    when().post(TASKS + "/nonsense/cancel").then().statusCode(404);
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

  private static String state(String id) {
    return when().get(TASKS + "/" + id).then().extract().path("state");
  }
}
