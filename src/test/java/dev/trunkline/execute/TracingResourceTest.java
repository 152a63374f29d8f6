package dev.trunkline.execute;

import static io.restassured.RestAssured.given;
import static io.restassured.RestAssured.when;
import static org.assertj.core.api.Assertions.assertThat;

import dev.trunkline.outbound.RawServer;
import dev.trunkline.submit.Submission;
import dev.trunkline.submit.TaskQueue;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Scope;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@TestProfile(Traced.class)
class TracingResourceTest {

  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String HEADER = "00-" + TRACE + "-00f067aa0ba902b7-01";
  private static final String NOOP = "{\"type\":\"noop\",\"payload\":1}";

  @Inject TaskQueue queue;
  @Inject DataSource dataSource;
  @Inject Tracer tracer;

  @Test
  void theSubmittersTraceIsLinkedToTheAttempt() {
    String id = json().header("traceparent", HEADER).body(NOOP).post("/api/v1/tasks").path("id");

    SpanData attempt = attempts(id, 1).getFirst();
    assertThat(attempt.getLinks())
        .extracting(link -> link.getSpanContext().getTraceId())
        .containsExactly(TRACE);
    assertThat(attempt.getTraceId()).isNotEqualTo(TRACE);
  }

  @Test
  void everyAttemptHasASpanOfItsOwnAndSaysWhyItFailed() {
    String id =
        json()
            .header("traceparent", HEADER)
            .body(
                "{\"type\":\"echo\",\"payload\":{\"text\":\"x\",\"time\":100},\"timeout\":\"PT0.2S\",\"maxAttempts\":2}")
            .post("/api/v1/tasks")
            .path("id");

    List<SpanData> attempts = attempts(id, 2);
    assertThat(attempts)
        .extracting(span -> span.getAttributes().get(AttemptSpans.ATTEMPT))
        .containsExactly(1L, 2L);
    assertThat(attempts).extracting(SpanData::getTraceId).doesNotHaveDuplicates();
    assertThat(attempts)
        .allSatisfy(
            span -> {
              assertThat(span.getLinks()).hasSize(1);
              assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
              assertThat(span.getAttributes().get(AttemptSpan.ERROR_TYPE)).isEqualTo("timed-out");
            });
  }

  /** One task, an array, a line: whichever way it came. */
  @ParameterizedTest
  @ValueSource(strings = {"/api/v1/tasks", "/api/v1/tasks/batch", "lines"})
  void withoutAHeaderTheSpanOfTheRequestIsTheSubmitters(String way) {
    String id =
        switch (way) {
          case "/api/v1/tasks" -> json().body(NOOP).post(way).path("id");
          case "lines" ->
              given()
                  .contentType("application/x-ndjson;charset=utf-8")
                  .body((NOOP + "\n").getBytes(StandardCharsets.UTF_8))
                  .post("/api/v1/tasks/batch")
                  .asString()
                  .replaceAll(".*\"id\":\"([^\"]*)\".*\\s*", "$1");
          default -> json().body("[" + NOOP + "]").post(way).path("items[0].id");
        };

    SpanContext submitter = submitter(id);
    assertThat(stored(id)).contains(submitter.getTraceId(), submitter.getSpanId());
    Awaitility.await()
        .untilAsserted(
            () ->
                assertThat(Traced.SPANS.getFinishedSpanItems())
                    .filteredOn(span -> span.getSpanId().equals(submitter.getSpanId()))
                    .singleElement()
                    .satisfies(span -> assertThat(span.getKind()).isEqualTo(SpanKind.SERVER)));
  }

  @Test
  void theSpanOfAJavaSubmitterIsLinked() {
    Span span = tracer.spanBuilder("order").startSpan();
    UUID id;
    try (Scope _ = span.makeCurrent()) {
      id = queue.submit(Submission.of("noop", "1")).task().id;
    } finally {
      span.end();
    }

    assertThat(submitter(id.toString()).getSpanId()).isEqualTo(span.getSpanContext().getSpanId());
  }

  @Test
  void theTraceOfAnSqlSubmitterIsLinked() throws SQLException {
    String id =
        sql(
            "select trunkline.submit(type => 'noop', payload => '1', traceparent => '%s')"
                .formatted(HEADER));

    assertThat(submitter(id).getTraceId()).isEqualTo(TRACE);
  }

  @Test
  void anotherHostIsToldTheSpanOfTheAttemptThatAsksIt() throws IOException {
    try (RawServer server = RawServer.saying("HTTP/1.1 204 X\r\n\r\n")) {
      String id =
          json()
              .body(
                  "{\"type\":\"http.request\",\"payload\":{\"method\":\"GET\",\"url\":\"%s\"}}"
                      .formatted(server.url("127.0.0.1", "/")))
              .post("/api/v1/tasks")
              .path("id");

      SpanData attempt = attempts(id, 1).getFirst();
      assertThat(server.heads().getFirst())
          .contains(
              "traceparent: 00-%s-%s-01".formatted(attempt.getTraceId(), attempt.getSpanId()));
    }
  }

  @Test
  void aReceiverIsToldTheSpanOfTheAttemptToCallItBackAndThatOneIsLinkedToTheSubmitter()
      throws IOException {
    try (RawServer receiver = RawServer.saying("HTTP/1.1 204 X\r\n\r\n")) {
      String id =
          json()
              .header("traceparent", HEADER)
              .body(
                  "{\"type\":\"noop\",\"payload\":1,\"callback\":{\"url\":\"%s\"}}"
                      .formatted(receiver.url("127.0.0.1", "/")))
              .post("/api/v1/tasks")
              .path("id");
      attempts(id, 1);
      String delivery = when().get("/api/v1/tasks/" + id + "/callbacks").path("items[0].id");

      SpanData attempt = attempts(delivery, 1).getFirst();
      assertThat(attempt.getLinks())
          .extracting(link -> link.getSpanContext().getTraceId())
          .containsExactly(TRACE);
      assertThat(receiver.heads().getFirst())
          .contains(
              "traceparent: 00-%s-%s-01".formatted(attempt.getTraceId(), attempt.getSpanId()));
    }
  }

  private static RequestSpecification json() {
    return given().contentType("application/json");
  }

  private static SpanContext submitter(String id) {
    List<LinkData> links = attempts(id, 1).getFirst().getLinks();
    assertThat(links).hasSize(1);
    return links.getFirst().getSpanContext();
  }

  private static String stored(String id) {
    return when().get("/api/v1/tasks/" + id).path("traceparent");
  }

  /** The spans of a task's attempts, the first one first, once there are so many. */
  private static List<SpanData> attempts(String id, int count) {
    return Awaitility.await("the spans of " + id)
        .atMost(Duration.ofSeconds(30))
        .until(() -> attempts(id), spans -> spans.size() == count);
  }

  private static List<SpanData> attempts(String id) {
    return Traced.SPANS.getFinishedSpanItems().stream()
        .filter(span -> span.getName().startsWith("execute "))
        .filter(span -> id.equals(span.getAttributes().get(AttemptSpans.MESSAGE)))
        .sorted(Comparator.comparing(span -> span.getAttributes().get(AttemptSpans.ATTEMPT)))
        .toList();
  }

  private String sql(String query) throws SQLException {
    try (Connection connection = dataSource.getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      row.next();
      return row.getString(1);
    }
  }
}
