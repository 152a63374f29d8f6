package dev.trunkline.api;

import static io.restassured.RestAssured.given;
import static io.restassured.RestAssured.when;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.awaitility.Awaitility;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code POST /tasks/batch} with a line for each task. */
@QuarkusTest
class LinesResourceTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String NOOP = "{\"type\":\"noop\",\"payload\":1}\n";
  private static final String LATER = "{\"type\":\"noop\",\"payload\":1,\"delay\":\"PT1H\"}\n";

  @Inject DataSource dataSource;

  @ConfigProperty(name = "quarkus.http.test-port")
  int port;

  @ParameterizedTest
  @EnumSource(Version.class)
  void eachLineIsAnsweredInItsOrder(Version version) throws Exception {
    String good = "{\"type\":\"echo\",\"payload\":{\"text\":\"a\",\"time\":1}}\n";
    String bad = "{\"type\":\"echo\",\"payload\":{\"text\":\"a\",\"time\":0}}\n";
    HttpResponse<String> answer = post(version, good + bad + good);

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Type").orElseThrow())
        .startsWith("application/x-ndjson");
    List<JsonNode> lines = json(answer.body().lines().toList());
    assertThat(lines).extracting(line -> line.get("line").asInt()).containsExactly(1, 2, 3);
    for (int i : new int[] {0, 2}) {
      assertThat(lines.get(i).size()).isEqualTo(2);
      awaitSucceeded(lines.get(i).get("id").asText());
    }
    assertThat(lines.get(1).has("id")).isFalse();
    JsonNode problem = lines.get(1).get("problem");
    assertThat(problem.get("type").asText()).isEqualTo("/problems/validation-failed");
    assertThat(problem.get("status").asInt()).isEqualTo(422);
    assertThat(problem.get("title").asText()).isNotEmpty();
    assertThat(problem.get("detail").asText()).isNotEmpty();
    assertThat(problem.get("instance").asText()).isEqualTo("/api/v1/tasks/batch");
    assertThat(problem.at("/errors/0/pointer").asText()).isEqualTo("/payload/time");
  }

  @Test
  void everyLineIsCheckedAsIfItHadComeAlone() throws Exception {
    List<JsonNode> lines =
        json(
            post(
                    Version.HTTP_1_1,
                    """
                    {
                    7
                    {"type":"noop","payload":1} {"type":"noop","payload":1}
                    {"type":"noop","payload":1,"foo":1}
                    {"type":"noop","payload":"\\u0000"}
                    {"type":"nope","payload":1}
                    {"type":"noop","payload":1,"priority":10}
                    {"type":"noop","payload":1,"delay":"PT1H"}
                    """)
                .body()
                .lines()
                .toList());

    assertThat(lines)
        .extracting(line -> line.at("/problem/status").asInt())
        .containsExactly(400, 400, 400, 400, 400, 422, 422, 0);
    assertThat(lines)
        .extracting(line -> line.at("/problem/errors/0/pointer").asText())
        .containsExactly("", "", "", "/foo", "/payload", "/type", "/priority", "");
    assertThat(lines.getLast().get("id").asText()).hasSize(36);
  }

  @Test
  void blankLinesCountAndAreNotAnsweredAndTheLastLineNeedsNoEnd() throws Exception {
    String body = "\n" + LATER + " \t\r\n" + LATER.strip() + "\r\n" + LATER.strip();
    assertThat(json(post(Version.HTTP_1_1, body).body().lines().toList()))
        .extracting(line -> line.get("line").asInt())
        .containsExactly(2, 4, 5);
    assertThat(post(Version.HTTP_1_1, "").body()).isEmpty();
    assertThat(post(Version.HTTP_1_1, "\n\n").body()).isEmpty();
  }

  @Test
  void whatIsNotUtf8IsRefusedAndReadingGoesOn() throws Exception {
    try (LineClient client = LineClient.batch(port)) {
      client.send("{\"type\":\"noop\",\"payload\":\"");
      client.send(new byte[] {(byte) 0xff, (byte) 0xfe});
      client.send("\"}\n" + LATER).end();
      client.head();

      List<JsonNode> lines = json(client.lines());
      assertThat(lines.get(0).at("/problem/status").asInt()).isEqualTo(400);
      assertThat(lines.get(1).has("id")).isTrue();
    }
  }

  @Test
  void aLineOverTheLimitIsRefusedAndReadingGoesOn() throws Exception {
    String tooLong =
        "{\"type\":\"noop\",\"payload\":\"" + "x".repeat(2_000_000) + "\",\"delay\":\"PT1H\"}\n";
    List<JsonNode> lines =
        json(post(Version.HTTP_1_1, LATER + tooLong + LATER).body().lines().toList());

    assertThat(lines).extracting(line -> line.get("line").asInt()).containsExactly(1, 2, 3);
    assertThat(lines.get(1).at("/problem/type").asText()).isEqualTo("/problems/content-too-large");
    assertThat(lines.get(1).at("/problem/status").asInt()).isEqualTo(413);
    assertThat(lines.get(2).has("id")).isTrue();
  }

  @Test
  void aLineIsAnsweredBeforeTheNextOneIsSent() throws Exception {
    try (LineClient client = LineClient.batch(port)) {
      for (int i = 1; i <= 5; i++) {
        client.send(LATER).flush();
        if (i == 1) {
          assertThat(client.head().getFirst()).isEqualTo("HTTP/1.1 200 OK");
        }
        JsonNode answer = json(client.line());
        assertThat(answer.get("line").asInt()).isEqualTo(i);
        // And it is stored by then.
        when().get("/api/v1/tasks/" + answer.get("id").asText()).then().statusCode(200);
      }
      client.end();
      assertThat(client.line()).isNull();
    }
  }

  /** Far more than the buffers of both sides hold. */
  @Test
  void aClientMaySendEverythingBeforeItReadsAnything() throws Exception {
    int count = 60_000;
    String thousand = "{\"type\":\"nope\",\"payload\":1}\n".repeat(1_000);
    try (LineClient client = LineClient.batch(port)) {
      for (int i = 0; i < count / 1_000; i++) {
        client.send(thousand);
      }
      client.end();
      client.head();

      int line = 0;
      for (String answer = client.line(); answer != null; answer = client.line()) {
        assertThat(answer).startsWith("{\"line\":" + ++line + ",");
      }
      assertThat(line).isEqualTo(count);
    }
  }

  @Test
  void manyMoreLinesThanFitIntoOneStatementAreStored() throws Exception {
    String queue = "lines-" + UUID.randomUUID();
    String line =
        "{\"type\":\"noop\",\"payload\":1,\"queue\":\"" + queue + "\",\"delay\":\"PT1H\"}\n";

    List<JsonNode> lines = json(post(Version.HTTP_1_1, line.repeat(3_000)).body().lines().toList());

    assertThat(lines)
        .extracting(answer -> answer.get("line").asInt())
        .isEqualTo(IntStream.rangeClosed(1, 3_000).boxed().toList());
    assertThat(lines).extracting(answer -> answer.get("id").asText()).doesNotHaveDuplicates();
  }

  @Test
  void linesWithKeysMaySafelyBeSentAgain() throws Exception {
    String run = UUID.randomUUID().toString();
    String body =
        IntStream.range(0, 1_200)
            .mapToObj(
                i ->
                    "{\"type\":\"noop\",\"payload\":%d,\"idempotencyKey\":\"%s-%d\",\"delay\":\"PT1H\"}\n"
                        .formatted(i, run, i))
            .collect(Collectors.joining());
    List<JsonNode> first = json(post(Version.HTTP_1_1, body).body().lines().toList());
    // One that is new, one that is another under its key, and one twice.
    String more =
        body
            + body.lines().findFirst().orElseThrow().replace(run + "-0", run + "-new")
            + "\n"
            + body.lines().findFirst().orElseThrow().replace("\"payload\":0", "\"payload\":7")
            + "\n"
            + body.lines().findFirst().orElseThrow();
    List<JsonNode> again = json(post(Version.HTTP_1_1, more).body().lines().toList());

    assertThat(first).noneMatch(line -> line.has("replayed"));
    assertThat(again.subList(0, 1_200)).allMatch(line -> line.get("replayed").asBoolean());
    assertThat(again.subList(0, 1_200))
        .extracting(line -> line.get("id"))
        .isEqualTo(first.stream().map(line -> line.get("id")).toList());
    assertThat(again.get(1_200).has("replayed")).isFalse();
    assertThat(again.get(1_201).at("/problem/type").asText())
        .isEqualTo("/problems/idempotency-key-reused");
    assertThat(again.get(1_202).get("id")).isEqualTo(first.getFirst().get("id"));
  }

  /** Sent again from there, all after it would be stored twice. */
  @Test
  void aLineWhoseKeyAnOpenTransactionHoldsIsRefusedAlone() throws Exception {
    String key = UUID.randomUUID().toString();
    String keyed = LATER.replace("{\"type\"", "{\"idempotencyKey\":\"" + key + "\",\"type\"");
    try (Connection other = dataSource.getConnection();
        Statement submit = other.createStatement()) {
      other.setAutoCommit(false);
      submit.execute(
          "select trunkline.submit(type => 'noop', payload => '1', delay => '1 hour',"
              + " idempotency_key => '%s')".formatted(key));

      List<JsonNode> lines =
          json(post(Version.HTTP_1_1, LATER + keyed + LATER).body().lines().toList());

      for (int i : new int[] {0, 2}) {
        assertThat(lines.get(i).has("id")).isTrue();
      }
      assertThat(lines.get(1).at("/problem/status").asInt()).isEqualTo(409);
      assertThat(lines.get(1).at("/problem/type").asText())
          .isEqualTo("/problems/idempotency-key-in-use");
      given()
          .contentType(ContentType.JSON)
          .body(keyed)
          .post("/api/v1/tasks")
          .then()
          .statusCode(409)
          .body("type", equalTo("/problems/idempotency-key-in-use"));
      other.rollback();
    }
    assertThat(json(post(Version.HTTP_1_1, keyed).body().lines().toList()).getFirst().has("id"))
        .isTrue();
  }

  @Test
  void theSubmittersTraceIsThatOfAllItsLines() throws Exception {
    String trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    try (LineClient client =
        LineClient.post(
            port,
            "/api/v1/tasks/batch",
            Map.of(
                "Content-Type",
                "Application/X-NDJSON; charset=utf-8",
                "traceparent",
                trace,
                "Content-Length",
                Integer.toString(2 * LATER.length())))) {
      client.raw(LATER + LATER).flush();
      client.head();
      for (JsonNode line : json(client.lines())) {
        when()
            .get("/api/v1/tasks/" + line.get("id").asText())
            .then()
            .body("traceparent", equalTo(trace));
      }
    }
  }

  @Test
  void whatWasAnsweredStaysWhenTheClientGoesInTheMiddle() throws Exception {
    String id;
    try (LineClient client = LineClient.batch(port)) {
      client.send(LATER).flush();
      client.head();
      id = json(client.line()).get("id").asText();
      client.send("{\"type\":\"noop\",").flush();
    }
    when().get("/api/v1/tasks/" + id).then().statusCode(200);
  }

  private static List<JsonNode> json(List<String> lines) {
    return lines.stream().map(LinesResourceTest::json).toList();
  }

  private static JsonNode json(String line) {
    try {
      return JSON.readTree(line);
    } catch (JsonProcessingException e) {
      throw new AssertionError(line, e);
    }
  }

  private HttpResponse<String> post(Version version, String body) throws Exception {
    try (HttpClient client = HttpClient.newBuilder().version(version).build()) {
      return client.send(
          HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/api/v1/tasks/batch"))
              .header("Content-Type", "application/x-ndjson")
              .POST(HttpRequest.BodyPublishers.ofString(body))
              .build(),
          HttpResponse.BodyHandlers.ofString());
    }
  }

  private static void awaitSucceeded(String id) {
    Awaitility.await(id)
        .atMost(Duration.ofSeconds(20))
        .until(() -> when().get("/api/v1/tasks/" + id).path("state").equals("succeeded"));
  }
}
