package dev.trunkline.api;

import static io.restassured.RestAssured.given;
import static io.restassured.RestAssured.when;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import java.io.IOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
class TasksResourceTest {

  private static final String TASKS = "/api/v1/tasks";
  private static final String PROBLEM = "application/problem+json";

  @TestHTTPResource("/")
  URL service;

  @Test
  void aSubmissionIsAnsweredWithTheTaskItsPlaceAndWhenToAskAgain() {
    String id =
        submit("{\"type\":\"noop\",\"payload\":{\"a\":[1,2.50,null]},\"delay\":\"PT1H\"}")
            .statusCode(202)
            .header("Location", matchesPattern("/api/v1/tasks/[0-9a-f-]{36}"))
            .header("Retry-After", "60")
            .body("state", equalTo("scheduled"))
            .body("type", equalTo("noop"))
            .body("queue", equalTo("default"))
            .body("priority", equalTo(5))
            .body("tags", hasSize(0))
            .body("attempt", equalTo(1))
            .body("maxAttempts", equalTo(5))
            .body("timeout", equalTo("PT10M"))
            .body("result", nullValue())
            .body("startedAt", nullValue())
            .extract()
            .path("id");
    assertThat(UUID.fromString(id).version()).isEqualTo(7);
    when()
        .get(TASKS + "/" + id)
        .then()
        .statusCode(200)
        .header("Retry-After", notNullValue())
        .body("id", equalTo(id))
        .body("state", equalTo("scheduled"))
        .body("payload.a[1]", equalTo(2.5f));
    when().get(TASKS + "/" + id + "/attempts").then().statusCode(200).body("items", hasSize(0));
  }

  @Test
  void whatIsAskedForIsWhatIsStored() {
    String id =
        submit(
                "{\"type\":\"noop\",\"payload\":1,\"queue\":\"reports\",\"priority\":2,"
                    + "\"tags\":[\"a,b\",\"\\\"c\\\"\",\"{d}\"],\"runAt\":\"2090-01-31T12:00:00+02:00\","
                    + "\"maxAttempts\":7,\"timeout\":\"PT1M30.5S\",\"expiresAt\":\"2091-01-01T00:00:00Z\"}")
            .statusCode(202)
            .extract()
            .path("id");
    when()
        .get(TASKS + "/" + id)
        .then()
        .body("queue", equalTo("reports"))
        .body("priority", equalTo(2))
        .body("tags", equalTo(List.of("a,b", "\"c\"", "{d}")))
        .body("runAt", equalTo("2090-01-31T10:00:00Z"))
        .body("maxAttempts", equalTo(7))
        .body("timeout", equalTo("PT1M30.5S"))
        .body("expiresAt", equalTo("2091-01-01T00:00:00Z"));
  }

  @Test
  void aTaskRunsAndItsResultIsCollected() {
    String id = submitted("{\"type\":\"echo\",\"payload\":{\"text\":\"hi\",\"time\":2}}");
    ValidatableResponse done = awaitState(id, "succeeded");
    done.header("Retry-After", nullValue())
        .body("result.lines", equalTo(List.of("hi", "hi")))
        .body("error", nullValue())
        .body("progress.percent", equalTo(100))
        .body("worker", notNullValue());
    for (String time : List.of("createdAt", "runAt", "startedAt", "finishedAt", "progress.at")) {
      String text = done.extract().path(time);
      assertThat(text).as(time).endsWith("Z");
      assertThat(Instant.parse(text))
          .as(time)
          .isBetween(Instant.now().minusSeconds(120), Instant.now().plusSeconds(10));
    }
    when()
        .get(TASKS + "/" + id + "/attempts")
        .then()
        .body("items", hasSize(1))
        .body("items[0].number", equalTo(1))
        .body("items[0].outcome", equalTo("succeeded"))
        .body("items[0].worker", notNullValue())
        .body("items[0].started", notNullValue())
        .body("items[0].finished", notNullValue())
        .body("items[0].error", nullValue());
  }

  @Test
  void progressIsSeenWhileTheTaskRuns() {
    String id = submitted("{\"type\":\"echo\",\"payload\":{\"text\":\"hi\",\"time\":20}}");
    Awaitility.await()
        .pollInterval(Duration.ofMillis(50))
        .until(
            () -> {
              Response task = when().get(TASKS + "/" + id);
              Integer percent = task.path("progress.percent");
              return task.path("state").equals("running") && percent != null && percent < 100;
            });
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{ | ''",
        "'' | ''",
        "[] | ''",
        "null | ''",
        "{\"type\":\"noop\",\"payload\":1}x | ''",
        "{\"type\":\"noop\",\"type\":\"echo\",\"payload\":1} | ''",
        "{\"type\":\"noop\",\"payload\":1,\"foo\":2} | /foo",
        "{\"type\":\"noop\",\"payload\":1,\"priority\":\"5\"} | /priority",
        "{\"type\":\"noop\",\"payload\":1,\"priority\":5.5} | /priority",
        "{\"type\":\"noop\",\"payload\":1,\"tags\":\"a\"} | /tags",
        "{\"type\":7,\"payload\":1} | /type",
        "{\"type\":\"noop\",\"payload\":\"a\\u0000b\"} | /payload",
        "{\"type\":\"noop\",\"payload\":{\"a\":[\"\\ud800\"]}} | /payload/a/0",
        "{\"type\":\"noop\",\"payload\":1,\"tags\":[\"\\u0000\"]} | /tags/0",
      })
  void whatCannotBeReadIsRefusedWith400AndNamed(String body, String pointer) {
    submit(body)
        .statusCode(400)
        .contentType(PROBLEM)
        .body("type", equalTo("/problems/malformed-request"))
        .body("status", equalTo(400))
        .body("instance", equalTo(TASKS))
        .body("errors.pointer", hasItem(pointer));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"payload\":1} | /type",
        "{\"type\":\"noop\"} | /payload",
        "{\"type\":\"nope\",\"payload\":1} | /type",
        "{\"type\":\"noop\",\"payload\":1,\"priority\":10} | /priority",
        "{\"type\":\"noop\",\"payload\":1,\"priority\":-1} | /priority",
        "{\"type\":\"noop\",\"payload\":1,\"queue\":\"No Such\"} | /queue",
        "{\"type\":\"noop\",\"payload\":1,\"delay\":\"5 minutes\"} | /delay",
        "{\"type\":\"noop\",\"payload\":1,\"delay\":\"PT-1S\"} | /delay",
        "{\"type\":\"noop\",\"payload\":1,\"delay\":\"PT1S\",\"runAt\":\"2090-01-01T00:00:00Z\"} |"
            + " /runAt",
        "{\"type\":\"noop\",\"payload\":1,\"runAt\":\"tomorrow\"} | /runAt",
        "{\"type\":\"noop\",\"payload\":1,\"runAt\":\"2090-01-01T00:00:00\"} | /runAt",
        "{\"type\":\"noop\",\"payload\":1,\"maxAttempts\":0} | /maxAttempts",
        "{\"type\":\"noop\",\"payload\":1,\"timeout\":\"PT0S\"} | /timeout",
        "{\"type\":\"noop\",\"payload\":1,\"tags\":[\"\"]} | /tags/0",
        "{\"type\":\"noop\",\"payload\":1,\"tags\":[null]} | /tags/0",
        "{\"type\":\"echo\",\"payload\":{\"time\":1}} | /payload/text",
        "{\"type\":\"echo\",\"payload\":{\"text\":1,\"time\":1}} | /payload/text",
        "{\"type\":\"echo\",\"payload\":{\"text\":\"a\",\"time\":0}} | /payload/time",
        "{\"type\":\"echo\",\"payload\":{\"text\":\"a\",\"time\":1,\"x/y\":0}} | /payload/x~1y",
        "{\"type\":\"echo\",\"payload\":null} | /payload",
        "{\"type\":\"noop\",\"payload\":1e999999} | /payload",
        "{\"type\":\"noop\",\"payload\":{\"a\":[1,1e-1500]}} | /payload/a/1",
        "{\"type\":\"noop\",\"payload\":1e99999999999999} | /payload",
        "{\"type\":\"noop\",\"payload\":1,\"runAt\":\"+10000-01-01T00:00:00Z\"} | /runAt",
        "{\"type\":\"noop\",\"payload\":1,\"expiresAt\":\"0001-01-01T00:00:00Z\"} | /expiresAt",
      })
  void whatIsReadButNotPossibleIsRefusedWith422AndNamed(String body, String pointer) {
    submit(body)
        .statusCode(422)
        .contentType(PROBLEM)
        .body("status", equalTo(422))
        .body("errors.pointer", hasItem(pointer));
  }

  @Test
  void numbersThatArePostgresqlsToWriteOutAreBoundedTogether() {
    String many = "1e999,".repeat(5_000);
    submit("{\"type\":\"noop\",\"payload\":[" + many + "1]}").statusCode(422);
  }

  @Test
  void everyFaultOfAPayloadIsNamedAtOnce() {
    submit("{\"type\":\"echo\",\"payload\":{\"text\":1,\"time\":-3,\"x\":1}}")
        .statusCode(422)
        .body("errors.pointer", hasItem("/payload/text"))
        .body("errors.pointer", hasItem("/payload/time"))
        .body("errors.pointer", hasItem("/payload/x"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "xyz",
        "1-1-1-1-1",
        "0199d1c4-0000-7000-8000-000000000000",
        "0199d1c4-0000-7000-8000-00000000000g"
      })
  void anUnknownOrMalformedIdIsNotFound(String id) {
    for (String path : List.of(TASKS + "/" + id, TASKS + "/" + id + "/attempts")) {
      when()
          .get(path)
          .then()
          .statusCode(404)
          .contentType(PROBLEM)
          .body("type", equalTo("/problems/no-such-task"))
          .body("instance", equalTo(path));
    }
  }

  @Test
  void whatHttpRefusesIsAProblemToo() {
    when().get("/nowhere").then().statusCode(404).contentType(PROBLEM);
    when().put(TASKS).then().statusCode(405).contentType(PROBLEM);
    given()
        .accept("text/csv")
        .get("/api/v1/task-types")
        .then()
        .statusCode(406)
        .contentType(PROBLEM);
    given()
        .contentType("text/plain")
        .body("x")
        .post(TASKS)
        .then()
        .statusCode(415)
        .contentType(PROBLEM);
    submit("{\"type\":\"noop\",\"payload\":\"" + "x".repeat(1_100_000) + "\"}")
        .statusCode(413)
        .contentType(PROBLEM)
        .body("type", equalTo("/problems/content-too-large"));
  }

  @Test
  void theSameKeyAndBodyIsTheSameTask() {
    String key = "\"" + UUID.randomUUID() + "\"";
    String first = withKey(key, "{\"type\":\"noop\",\"payload\":{\"a\":1,\"b\":2}}").path("id");
    Response again = withKey(key, "{ \"payload\":{\"b\":2,\"a\":1}, \"type\":\"noop\"}");
    again.then().statusCode(202).header("Idempotency-Replayed", "true").body("id", equalTo(first));
    withKey(key, "{\"type\":\"noop\",\"payload\":{\"a\":1,\"b\":3}}")
        .then()
        .statusCode(422)
        .contentType(PROBLEM)
        .body("type", equalTo("/problems/idempotency-key-reused"));
    withKey("\"unclosed", "{\"type\":\"noop\",\"payload\":1}").then().statusCode(400);
  }

  /** Whoever sends the header relies on it. */
  @Test
  void aHeaderIdempotencyKeyThatIsEmptyOrThereTwiceIsRefused() throws IOException {
    String body = "{\"type\":\"noop\",\"payload\":1}";
    String key = "Idempotency-Key: ";
    for (String lines :
        List.of(key, key + "   ", key + "a\r\n" + key + "b", key + "a\r\n" + key, key + "\"\"")) {
      for (String path : List.of("/api/v1/tasks", "/api/v1/tasks/batch")) {
        String request =
            "POST %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n%s\r\n%s\r\n%s\r\n\r\n%s"
                .formatted(
                    path, "Content-Type: application/json", lines, "Content-Length: 27", body);
        RawHttp.Answer answer = RawHttp.send(service, request.getBytes(StandardCharsets.US_ASCII));

        assertThat(answer.status()).as(path + " with " + lines).isEqualTo(400);
        assertThat(answer.body()).contains("/problems/malformed-request", "Idempotency-Key");
      }
    }
  }

  @Test
  void theSameKeyAtOnceIsOneTask() throws Exception {
    String key = UUID.randomUUID().toString();
    Callable<String> submission =
        () ->
            withKey(key, "{\"type\":\"noop\",\"payload\":1}")
                .then()
                .statusCode(202)
                .extract()
                .path("id");
    try (ExecutorService many = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<String>> ids = many.invokeAll(java.util.Collections.nCopies(30, submission));
      for (Future<String> id : ids) {
        assertThat(id.get()).isEqualTo(ids.getFirst().get());
      }
    }
  }

  @Test
  void theSubmittersTraceIsKeptAndAMalformedOneIgnored() {
    String trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    for (String given : List.of(trace, "nonsense")) {
      given()
          .contentType(ContentType.JSON)
          .header("traceparent", given)
          .body("{\"type\":\"noop\",\"payload\":1}")
          .post(TASKS)
          .then()
          .statusCode(202)
          .body("traceparent", given.equals(trace) ? equalTo(trace) : nullValue());
    }
  }

  @Test
  void aTaskThatExpiresBeforeItsFirstAttemptFails() {
    String id =
        submitted("{\"type\":\"noop\",\"payload\":1,\"expiresAt\":\"2020-01-01T00:00:00Z\"}");
    awaitState(id, "failed")
        .body("error.type", equalTo("expired"))
        .body("error.attempt", equalTo(1))
        .body("startedAt", nullValue());
  }

  @Test
  void anAttemptThatTakesTooLongIsEndedAndRecorded() {
    String id =
        submitted(
            "{\"type\":\"echo\",\"payload\":{\"text\":\"x\",\"time\":100},\"timeout\":\"PT0.3S\","
                + "\"maxAttempts\":1}");
    awaitState(id, "failed").body("error.type", equalTo("timed-out"));
    when()
        .get(TASKS + "/" + id + "/attempts")
        .then()
        .body("items", hasSize(1))
        .body("items[0].outcome", equalTo("timed-out"))
        .body("items[0].error.type", equalTo("timed-out"));
  }

  private static ValidatableResponse submit(String body) {
    return given().contentType(ContentType.JSON).body(body).post(TASKS).then();
  }

  private static String submitted(String body) {
    return submit(body).statusCode(202).extract().path("id");
  }

  private static Response withKey(String key, String body) {
    return given()
        .contentType(ContentType.JSON)
        .header("Idempotency-Key", key)
        .body(body)
        .post(TASKS);
  }

  private static ValidatableResponse awaitState(String id, String state) {
    Awaitility.await(id)
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(50))
        .until(() -> when().get(TASKS + "/" + id).path("state").equals(state));
    return when().get(TASKS + "/" + id).then();
  }
}
