package dev.trunkline.handlers.example;

import static io.restassured.RestAssured.given;
import static io.restassured.RestAssured.when;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import org.junit.jupiter.api.Test;

/** A handler that is only written is found, published, and has its payloads checked. */
@QuarkusTest
class CountLinesResourceTest {

  private static final String TYPE = "items.find { it.name == 'example.count-lines' }.";

  @Test
  void the_type_is_listed_with_its_schema_and_its_defaults() {
    when()
        .get("/api/v1/task-types")
        .then()
        .statusCode(200)
        .body(TYPE + "available", equalTo(true))
        .body(TYPE + "payloadSchema.required", contains("file"))
        .body(TYPE + "payloadSchema.properties.containing.maxLength", equalTo(100))
        .body(TYPE + "defaults.queue", equalTo("files"))
        .body(TYPE + "defaults.maxAttempts", equalTo(3));
  }

  @Test
  void a_payload_that_does_not_fit_is_refused_where_it_does_not() {
    given()
        .contentType(ContentType.JSON)
        .body("{\"type\":\"example.count-lines\",\"payload\":{\"file\":\"../secret\"}}")
        .post("/api/v1/tasks")
        .then()
        .statusCode(422)
        .body("errors.pointer", contains("/payload/file"));
  }
}
