package dev.trunkline.api;

import static io.restassured.RestAssured.given;
import static io.restassured.RestAssured.when;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
class BatchResourceTest {

  private static final String BATCH = "/api/v1/tasks/batch";
  private static final String PROBLEM = "application/problem+json";

  @ConfigProperty(name = "quarkus.http.test-port")
  int port;

  @Test
  void anArrayIsStoredAndAnsweredInItsOrder() {
    List<String> ids =
        submit(
                """
                [{"type":"echo","payload":{"text":"a","time":1}},
                 {"type":"noop","payload":{"n":[1,2.50]},"delay":"PT1H","tags":["x"]},
                 {"type":"noop","payload":null}]
                """)
            .statusCode(202)
            .body("items", hasSize(3))
            .body("items.type", contains("echo", "noop", "noop"))
            .body("items[1].state", equalTo("scheduled"))
            .body("items[1].tags", contains("x"))
            .body("items.replayed", everyItem(nullValue()))
            .extract()
            .path("items.id");

    when().get("/api/v1/tasks/" + ids.get(1)).then().body("payload.n[1]", equalTo(2.5f));
    awaitState(ids.get(0), "succeeded");
    awaitState(ids.get(2), "succeeded");
  }

  @Test
  void allOrNothingIsStored() {
    String tag = UUID.randomUUID().toString();
    String good = "{\"type\":\"noop\",\"payload\":1,\"idempotencyKey\":\"" + tag + "\"}";

    submit("[" + good + ",{\"type\":\"noop\",\"payload\":1,\"priority\":10}]").statusCode(422);

    // The key is free, so no task has it.
    submit("[" + good + "]").statusCode(202).body("items[0].replayed", nullValue());
  }

  @Test
  void everyFaultOfEveryElementIsNamed() {
    submit(
            """
            [{"type":"noop","payload":1,"foo":1},
             {"type":"noop","payload":1},
             {"type":"echo","payload":{"text":7,"time":0}},
             {"type":"nope","payload":1},
             {"payload":1,"delay":"soon"},
             7]
            """)
        .statusCode(400)
        .contentType(PROBLEM)
        .body("type", equalTo("/problems/malformed-request"))
        .body("instance", equalTo(BATCH))
        .body(
            "errors.pointer",
            hasItems(
                "/0/foo",
                "/2/payload/text",
                "/2/payload/time",
                "/3/type",
                "/4/type",
                "/4/delay",
                "/5"))
        .body("errors.pointer", not(hasItem(containsString("/1"))));
  }

  @Test
  void faultsThatAllHaveInCommonAreNamedByTheirType() {
    submit("[{\"type\":\"nope\",\"payload\":1},{\"type\":\"nope\",\"payload\":1}]")
        .statusCode(422)
        .body("type", equalTo("/problems/unknown-type"))
        .body("errors.pointer", contains("/0/type", "/1/type"));
    submit("[{\"type\":\"nope\",\"payload\":1},{\"type\":\"noop\",\"payload\":1,\"priority\":-1}]")
        .statusCode(422)
        .body("type", equalTo("/problems/validation-failed"))
        .body("errors.pointer", contains("/0/type", "/1/priority"));
  }

  @Test
  void ofVeryManyFaultsTheFirstThousandAreNamed() {
    String bad = "{\"type\":\"noop\",\"payload\":1,\"priority\":10}";
    submit("[" + String.join(",", Collections.nCopies(1_500, bad)) + "]")
        .statusCode(422)
        .body("errors", hasSize(1_000))
        .body("detail", containsString("the first 1000 of 1500 faults"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | ''",
        "{} | ''",
        "null | ''",
        "[ | ''",
        "[1 2] | ''",
        "[]x | ''",
        "[] [] | ''",
        "[null] | /0",
        "[[]] | /0",
        "[{\"type\":\"noop\",\"payload\":1,\"payload\":2}] | /0",
        "[{\"type\":\"noop\",\"payload\":1},{\"type\":\"noop\",\"payload\":[\"\\u0000\"]}] |"
            + " /1/payload/0",
      })
  void whatIsNoArrayOfSubmissionsCannotBeRead(String body, String pointer) {
    submit(body)
        .statusCode(400)
        .contentType(PROBLEM)
        .body("type", equalTo("/problems/malformed-request"))
        .body("errors.pointer", contains(pointer));
  }

  @Test
  void anEmptyArrayIsNoTaskAndNoFault() {
    submit("[]").statusCode(202).body("items", hasSize(0));
  }

  @Test
  void textIsReadAsUtf8WithOrWithoutAByteOrderMark() {
    String body =
        "[{\"type\":\"noop\",\"payload\":\"h\u00e9\"},{\"type\":\"noop\",\"payload\":\"\ud83d\ude00\"}]";
    for (String mark : List.of("", "\ufeff")) {
      submit((mark + body).getBytes(StandardCharsets.UTF_8))
          .statusCode(202)
          .body("items.payload", contains("h\u00e9", "\ud83d\ude00"));
    }
    submit(body.getBytes(StandardCharsets.UTF_16)).statusCode(400).contentType(PROBLEM);
    submit(body.getBytes(StandardCharsets.ISO_8859_1)).statusCode(400).contentType(PROBLEM);
  }

  @Test
  void upToTenThousandTasksAreTaken() {
    String task = "{\"type\":\"noop\",\"payload\":1,\"delay\":\"PT1H\"}";
    submit("[" + String.join(",", Collections.nCopies(10_000, task)) + "]")
        .statusCode(202)
        .body("items", hasSize(10_000));
    submit("[" + String.join(",", Collections.nCopies(10_001, task)) + "]")
        .statusCode(422)
        .contentType(PROBLEM)
        .body("detail", containsString("at most 10000 tasks"));
  }

  /** Whether its length is announced or not. */
  @Test
  void aBodyMayBeLargerThanThatOfOneTaskButNotThanItsOwnLimit() throws Exception {
    byte[] large = ofBytes(3_000_000);
    byte[] tooLarge = ofBytes(8_388_609);
    assertThat(send(HttpRequest.BodyPublishers.ofByteArray(large)).statusCode()).isEqualTo(202);
    assertThat(send(chunks(large)).statusCode()).isEqualTo(202);
    for (HttpRequest.BodyPublisher body :
        List.of(HttpRequest.BodyPublishers.ofByteArray(tooLarge), chunks(tooLarge))) {
      HttpResponse<String> answer = send(body);
      assertThat(answer.statusCode()).isEqualTo(413);
      assertThat(answer.headers().firstValue("Content-Type")).hasValue(PROBLEM);
      assertThat(answer.body())
          .contains("/problems/content-too-large")
          .contains("Send at most 8388608 bytes.");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {BATCH + "/", BATCH + ";a=b", "/api/v1//tasks/b%61tch/"})
  void itsPathMayBeWrittenInOtherWays(String path) throws Exception {
    byte[] large = ofBytes(3_000_000);
    for (HttpRequest.BodyPublisher body :
        List.of(HttpRequest.BodyPublishers.ofByteArray(large), chunks(large))) {
      assertThat(send(path, body).statusCode()).isEqualTo(202);
    }
  }

  @Test
  void whoSendsMuchMoreThanIsTakenHearsOfItWhenAllIsSent() throws Exception {
    try (LineClient client =
        LineClient.post(
            port,
            BATCH,
            Map.of("Content-Type", "application/json", "Transfer-Encoding", "chunked"))) {
      byte[] blanks = " ".repeat(1 << 16).getBytes(StandardCharsets.UTF_8);
      for (int i = 0; i < 1_000; i++) {
        client.send(blanks);
      }
      client.end();
      assertThat(client.head()).first().asString().contains("413");
    }
  }

  @Test
  void theSameArrayAgainIsTheSameTasks() {
    String body = keyed(UUID.randomUUID(), UUID.randomUUID());
    List<String> first = submit(body).statusCode(202).extract().path("items.id");
    submit(body)
        .statusCode(202)
        .body("items.id", equalTo(first))
        .body("items.replayed", contains(true, true));
  }

  /** A result may have megabytes, and an array thousands of tasks. */
  @Test
  void manyLongResultsAreLeftOutOfTheAnswerToTheSameArray() {
    String text = "x".repeat(1_000_000);
    String run = UUID.randomUUID().toString();
    String array =
        IntStream.range(0, 7)
            .mapToObj(
                i ->
                    "{\"type\":\"noop\",\"payload\":\"%s\",\"idempotencyKey\":\"%s %d\"}"
                        .formatted(text, run, i))
            .collect(Collectors.joining(",", "[", "]"));
    List<String> ids = submit(array).statusCode(202).extract().path("items.id");
    ids.forEach(id -> awaitState(id, "succeeded"));

    ValidatableResponse again = submit(array).statusCode(202);

    again.body("items.id", equalTo(ids)).body("items.replayed", everyItem(equalTo(true)));
    again.body("items.state", everyItem(equalTo("succeeded")));
    // Each has two million characters, and the answer takes no other after eight.
    again.body("items.findAll { it.shortened }.size()", equalTo(2));
    again.body("items.findAll { it.shortened }.payload", everyItem(nullValue()));
    again.body("items.findAll { it.shortened }.result", everyItem(nullValue()));
    again.body("items.findAll { !it.shortened }.result", everyItem(equalTo(text)));
    again.body("items.findAll { it.shortened }.queue", everyItem(equalTo("default")));
  }

  @Test
  void aKeyIsTheSameInAnArrayAsInTheHeader() {
    UUID key = UUID.randomUUID();
    String id =
        given()
            .contentType(ContentType.JSON)
            .header("Idempotency-Key", "\"" + key + "\"")
            .body("{\"type\":\"noop\",\"payload\":{\"a\":1}}")
            .post("/api/v1/tasks")
            .path("id");

    submit(keyed(UUID.randomUUID(), key))
        .statusCode(202)
        .body("items[0].replayed", nullValue())
        .body("items[1].replayed", equalTo(true))
        .body("items[1].id", equalTo(id));
  }

  @Test
  void aKeyTwiceInOneArrayIsOneTask() {
    UUID key = UUID.randomUUID();
    List<String> ids = submit(keyed(key, key)).statusCode(202).extract().path("items.id");
    assertThat(ids.get(1)).isEqualTo(ids.get(0));
  }

  @Test
  void aKeyThatWasUsedForSomethingElseRefusesTheArray() {
    UUID key = UUID.randomUUID();
    UUID free = UUID.randomUUID();
    submit(keyed(key)).statusCode(202);
    submit(keyed(free, key).replace("]", ",{\"type\":\"nope\",\"payload\":1}]"))
        .statusCode(422)
        .body("errors.pointer", contains("/2/type"));
    submit(keyed(free).replace("]", "," + keyed(key).substring(1).replace(":1}", ":2}")))
        .statusCode(422)
        .body("type", equalTo("/problems/idempotency-key-reused"))
        .body("errors.pointer", contains("/1"));
    submit(keyed(free)).statusCode(202).body("items[0].replayed", nullValue());
  }

  @Test
  void twoDifferentTasksUnderOneKeyRefuseTheArray() {
    UUID key = UUID.randomUUID();
    submit(keyed(key).replace("]", "," + keyed(key).substring(1).replace(":1}", ":2}")))
        .statusCode(422)
        .body("type", equalTo("/problems/idempotency-key-reused"))
        .body("errors.pointer", contains("/1"));
    submit(keyed(key)).statusCode(202).body("items[0].replayed", nullValue());
  }

  @Test
  void theHeaderIdempotencyKeyIsRefusedForABatch() {
    for (String type : List.of("application/json", "application/x-ndjson;charset=utf-8")) {
      given()
          .contentType(type)
          .header("Idempotency-Key", "\"x\"")
          .body("[]".getBytes(StandardCharsets.UTF_8))
          .post(BATCH)
          .then()
          .statusCode(400)
          .contentType(PROBLEM)
          .body("detail", containsString("idempotencyKey"));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 256})
  void aKeyOfAnotherLengthIsRefused(int length) {
    submit(
            "[{\"type\":\"noop\",\"payload\":1,\"idempotencyKey\":\"%s\"}]"
                .formatted("k".repeat(length)))
        .statusCode(422)
        .body("errors.pointer", contains("/0/idempotencyKey"));
  }

  @Test
  void oneTaskMayHaveItsKeyInTheBodyTooIfItIsTheOneOfTheHeader() {
    String key = UUID.randomUUID().toString();
    String body = "{\"type\":\"noop\",\"payload\":1,\"idempotencyKey\":\"" + key + "\"}";
    String id = given().contentType(ContentType.JSON).body(body).post("/api/v1/tasks").path("id");
    for (String header : List.of(key, "another")) {
      ValidatableResponse answer =
          given()
              .contentType(ContentType.JSON)
              .header("Idempotency-Key", "\"" + header + "\"")
              .body(body)
              .post("/api/v1/tasks")
              .then();
      if (header.equals(key)) {
        answer.statusCode(202).body("id", equalTo(id));
      } else {
        answer.statusCode(422).body("errors.pointer", contains("/idempotencyKey"));
      }
    }
  }

  @Test
  void theSubmittersTraceIsThatOfAllItsTasks() {
    String trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    given()
        .contentType(ContentType.JSON)
        .header("traceparent", trace)
        .header("Prefer", "wait=5")
        .body(keyed(UUID.randomUUID(), UUID.randomUUID()))
        .post(BATCH)
        .then()
        .statusCode(202)
        .header("Preference-Applied", nullValue())
        .body("items.traceparent", contains(trace, trace));
  }

  @Test
  void aQueueThatNobodyHasUsedIsServed() {
    String queue = "batch-" + UUID.randomUUID();
    List<String> ids =
        submit(
                "[{\"type\":\"noop\",\"payload\":1,\"queue\":\"%1$s\"},{\"type\":\"noop\",\"payload\":1,\"queue\":\"%1$s\"}]"
                    .formatted(queue))
            .statusCode(202)
            .extract()
            .path("items.id");
    ids.forEach(id -> awaitState(id, "succeeded"));
  }

  @Test
  void anotherMethodOrMediaTypeIsRefused() {
    when().get(BATCH).then().statusCode(405).contentType(PROBLEM);
    given()
        .contentType("text/csv")
        .body("x")
        .post(BATCH)
        .then()
        .statusCode(415)
        .contentType(PROBLEM);
    given()
        .contentType(ContentType.JSON)
        .header("Content-Encoding", "gzip")
        .body("[]")
        .post(BATCH)
        .then()
        .statusCode(415)
        .contentType(PROBLEM);
    given()
        .contentType(ContentType.JSON)
        .accept("text/csv")
        .body("[]")
        .post(BATCH)
        .then()
        .statusCode(406)
        .contentType(PROBLEM);
  }

  /** An array of tasks under these keys. */
  private static String keyed(UUID... keys) {
    return Arrays.stream(keys)
        .map("{\"idempotencyKey\":\"%s\",\"type\":\"noop\",\"payload\":{\"a\":1}}"::formatted)
        .collect(Collectors.joining(",", "[", "]"));
  }

  private static byte[] ofBytes(int size) {
    String task = "[{\"type\":\"noop\",\"delay\":\"PT1H\",\"payload\":\"\"}]";
    return (task + " ".repeat(size - task.length())).getBytes(StandardCharsets.UTF_8);
  }

  private static HttpRequest.BodyPublisher chunks(byte[] body) {
    return HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body));
  }

  private HttpResponse<String> send(HttpRequest.BodyPublisher body) throws Exception {
    return send(BATCH, body);
  }

  private HttpResponse<String> send(String path, HttpRequest.BodyPublisher body) throws Exception {
    try (HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      return client.send(
          HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
              .header("Content-Type", "application/json")
              .POST(body)
              .build(),
          HttpResponse.BodyHandlers.ofString());
    }
  }

  private static ValidatableResponse submit(String body) {
    return submit(body.getBytes(StandardCharsets.UTF_8));
  }

  private static ValidatableResponse submit(byte[] body) {
    return given().contentType(ContentType.JSON).body(body).post(BATCH).then();
  }

  private static void awaitState(String id, String state) {
    Awaitility.await(id)
        .atMost(Duration.ofSeconds(20))
        .until(() -> when().get("/api/v1/tasks/" + id).path("state").equals(state));
  }
}
