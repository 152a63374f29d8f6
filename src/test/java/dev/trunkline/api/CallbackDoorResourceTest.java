package dev.trunkline.api;

import static io.restassured.RestAssured.given;
import static io.restassured.RestAssured.when;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import dev.trunkline.outbound.RawServer;
import dev.trunkline.submit.Submission;
import dev.trunkline.submit.TaskQueue;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Callbacks at every door through which tasks come in. */
@QuarkusTest
class CallbackDoorResourceTest {

  @Inject DataSource dataSource;
  @Inject TaskQueue queue;

  @ParameterizedTest
  @ValueSource(strings = {"single", "array", "lines", "sql", "java"})
  void aCallbackIsTakenAtEveryDoor(String door) throws Exception {
    try (RawServer receiver = RawServer.saying(Callbacks.OK)) {
      submit(door, Callbacks.url(receiver));

      Callbacks.until(() -> assertThat(receiver.bodies()).hasSize(1));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "application/json, [%s], 422, errors[0].pointer, /0/callback/url",
    "application/x-ndjson, %s, 200, problem.errors[0].pointer, /callback/url"
  })
  void soIsItRefused(String type, String body, int status, String path, String pointer) {
    String task = "{\"type\":\"noop\",\"payload\":1,\"callback\":{\"url\":\"http://10.0.0.1/\"}}";
    Response answer =
        given()
            .contentType(type + ";charset=utf-8")
            .body((body.formatted(task) + "\n").getBytes(StandardCharsets.UTF_8))
            .post("/api/v1/tasks/batch");

    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(JsonPath.from(answer.asString()).getString(path)).isEqualTo(pointer);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "`{}`|422|/callback/url|is missing",
        "`{\"url\":null}`|422|/callback/url|is missing",
        "`{\"url\":\"ftp://a.example/\"}`|422|/callback/url|http",
        "`{\"url\":\"client.example\"}`|422|/callback/url|http",
        "`{\"url\":\"https://u:secret@a.example/\"}`|422|/callback/url|without a user name",
        "`{\"url\":\"http://0x7f000001/\"}`|422|/callback/url|usual form",
        "`{\"url\":\"http://169.254.169.254/\"}`|422|/callback/url|may not reach",
        "`{\"url\":\"http://10.0.0.1:8080/\"}`|422|/callback/url|may not reach",
        "`{\"url\":\"http://[::1]/\"}`|422|/callback/url|may not reach",
        "`{\"url\":\"http://[::ffff:127.0.0.1]/\"}`|422|/callback/url|usual form",
        "`{\"url\":1}`|400|/callback/url|must be a string",
        "`{\"uri\":\"https://a.example/\"}`|400|/callback/uri|is not a known field",
        "`\"https://a.example/\"`|400|/callback|must be a JSON object",
      })
  void aCallbackThatCannotBeMadeIsRefusedAtTheDoor(
      String callback, int status, String pointer, String detail) {
    Callbacks.submit("{\"type\":\"noop\",\"payload\":1,\"callback\":" + callback + "}")
        .then()
        .statusCode(status)
        .body("errors.pointer", contains(pointer))
        .body("errors[0].detail", containsString(detail))
        .body("toString()", not(containsString("secret")));
  }

  @Test
  void aNullCallbackIsNone() {
    Callbacks.submit("{\"type\":\"noop\",\"payload\":1,\"callback\":null}").then().statusCode(202);
  }

  @Test
  void nobodyButTheServiceMakesDeliveries() {
    Callbacks.submit(
            "{\"type\":\"callback.deliver\",\"payload\":{\"taskId\":\"x\",\"url\":\"https://a\"}}")
        .then()
        .statusCode(422)
        .body("type", equalTo("/problems/unknown-type"));
    when()
        .get("/api/v1/task-types")
        .then()
        .body("items.name", not(contains("callback.deliver")))
        .body("items.find { it.name == 'callback.deliver' }", nullValue());
    for (String wish : List.of("\"types\":[\"callback.deliver\"]", "\"queues\":[\"callbacks\"]")) {
      given()
          .contentType(ContentType.JSON)
          .body("{" + wish + "}")
          .post("/api/v1/leases")
          .then()
          .statusCode(422)
          .body("errors[0].detail", equalTo("is run by the service alone"));
    }
  }

  private void submit(String door, String url) throws SQLException {
    String task = "{\"type\":\"noop\",\"payload\":1,\"callback\":{\"url\":\"%s\"}}".formatted(url);
    switch (door) {
      case "single" -> Callbacks.submit(task).then().statusCode(202);
      case "array" ->
          Callbacks.post("/api/v1/tasks/batch", "[" + task + "]").then().statusCode(202);
      case "lines" ->
          given()
              .contentType("application/x-ndjson;charset=utf-8")
              .body((task + "\n").getBytes(StandardCharsets.UTF_8))
              .post("/api/v1/tasks/batch")
              .then()
              .statusCode(200);
      case "sql" -> bySql(url);
      default -> queue.submit(Submission.of("noop", "1").withCallback(url));
    }
  }

  private void bySql(String url) throws SQLException {
    try (Connection connection = dataSource.getConnection();
        PreparedStatement submit =
            connection.prepareStatement(
                """
                select trunkline.submit(type => 'noop', payload => '1',
                  callback => jsonb_build_object('url', ?::text))
                """)) {
      submit.setString(1, url);
      submit.execute();
    }
  }
}
