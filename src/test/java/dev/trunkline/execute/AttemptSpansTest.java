package dev.trunkline.execute;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trunkline.finish.AttemptEnd;
import dev.trunkline.finish.AttemptEnd.Kind;
import dev.trunkline.task.AttemptToken;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class AttemptSpansTest {

  private static final String SUBMITTER = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

  private final InMemorySpanExporter exported = InMemorySpanExporter.create();
  private final OpenTelemetry telemetry =
      OpenTelemetrySdk.builder()
          .setTracerProvider(
              SdkTracerProvider.builder()
                  .addSpanProcessor(SimpleSpanProcessor.create(exported))
                  .build())
          .build();
  private final AttemptSpans spans = new AttemptSpans(telemetry, false);

  @Test
  void while_tracing_is_off_there_is_no_span_and_none_is_made() {
    AttemptSpan span = new AttemptSpans(telemetry, true).begin(task(SUBMITTER));

    assertThat(span).isSameAs(AttemptSpan.NONE);
    span.run(() -> assertThat(Span.current().getSpanContext().isValid()).isFalse());
    span.ended(success(), true);
    assertThat(exported.getFinishedSpanItems()).isEmpty();
  }

  @Test
  void a_span_says_what_runs_and_is_linked_to_the_submitter() {
    ClaimedTask task = task(SUBMITTER);
    spans.begin(task).end();

    SpanData span = exported();
    assertThat(span.getName()).isEqualTo("execute echo");
    assertThat(span.getKind()).isEqualTo(SpanKind.CONSUMER);
    assertThat(span.getParentSpanContext().isValid()).isFalse();
    assertThat(span.getTraceId()).isNotEqualTo("4bf92f3577b34da6a3ce929d0e0e4736");
    assertThat(span.getLinks())
        .singleElement()
        .satisfies(
            link -> {
              assertThat(link.getSpanContext().getTraceId())
                  .isEqualTo("4bf92f3577b34da6a3ce929d0e0e4736");
              assertThat(link.getSpanContext().getSpanId()).isEqualTo("00f067aa0ba902b7");
            });
    assertThat(attributes(span))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "messaging.system", "trunkline",
                "messaging.operation.name", "execute",
                "messaging.operation.type", "process",
                "messaging.destination.name", "reports",
                "messaging.message.id", task.token().taskId().toString(),
                "trunkline.task.type", "echo",
                "trunkline.task.attempt", 3L));
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(
      strings = {"", "nonsense", "00-00000000000000000000000000000000-00f067aa0ba902b7-01"})
  void without_a_submitters_trace_there_is_no_link(@Nullable String traceparent) {
    spans.begin(task(traceparent)).end();

    assertThat(exported().getLinks()).isEmpty();
  }

  @Test
  void the_span_is_current_while_the_attempt_runs_and_no_longer() {
    AttemptSpan span = spans.begin(task(null));
    String[] seen = new String[1];
    span.run(() -> seen[0] = Span.current().getSpanContext().getSpanId());
    span.end();

    assertThat(seen[0]).isEqualTo(exported().getSpanId());
    assertThat(Span.current().getSpanContext().isValid()).isFalse();
  }

  @Test
  void success_is_no_error() {
    spans.begin(task(null)).ended(success(), true);

    assertThat(exported().getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
    assertThat(exported().getAttributes().get(AttemptSpan.OUTCOME)).isEqualTo("succeeded");
  }

  @ParameterizedTest
  @CsvSource({
    "FAILED, handler-failed",
    "TIMED_OUT, timed-out",
    "REJECTED, rejected",
    "SNOOZED,",
    "CANCELLED,"
  })
  void an_attempt_that_failed_is_an_error_and_one_that_was_asked_to_stop_is_none(
      Kind kind, @Nullable String error) {
    spans.begin(task(null)).ended(setback(kind), true);

    SpanData span = exported();
    assertThat(span.getAttributes().get(AttemptSpan.OUTCOME)).isEqualTo(kind.outcome());
    assertThat(span.getAttributes().get(AttemptSpan.ERROR_TYPE)).isEqualTo(error);
    assertThat(span.getStatus().getStatusCode())
        .isEqualTo(error == null ? StatusCode.UNSET : StatusCode.ERROR);
    assertThat(span.getStatus().getDescription()).isEqualTo(error == null ? "" : "the reason");
  }

  @Test
  void an_attempt_that_was_not_current_any_more_says_so() {
    spans.begin(task(null)).ended(success(), false);

    assertThat(exported().getAttributes().get(AttemptSpan.OUTCOME)).isEqualTo("lease-lost");
  }

  /** The handler of an attempt that was abandoned may go on for long, and end in any way. */
  @Test
  void the_first_end_is_believed() {
    AttemptSpan span = spans.begin(task(null));
    span.ended(setback(Kind.TIMED_OUT), true);
    span.ended(success(), false);
    span.end();

    assertThat(exported().getAttributes().get(AttemptSpan.OUTCOME)).isEqualTo("timed-out");
  }

  private SpanData exported() {
    assertThat(exported.getFinishedSpanItems()).hasSize(1);
    return exported.getFinishedSpanItems().getFirst();
  }

  private static Map<String, Object> attributes(SpanData span) {
    return span.getAttributes().asMap().entrySet().stream()
        .collect(Collectors.toMap(entry -> name(entry.getKey()), Map.Entry::getValue));
  }

  private static String name(AttributeKey<?> key) {
    return key.getKey();
  }

  private static AttemptEnd success() {
    return new AttemptEnd.Success(Attempts.running().ran(), "{}", Optional.empty());
  }

  private static AttemptEnd setback(Kind kind) {
    return new AttemptEnd.Setback(
        Attempts.running().ran(), kind, "the reason", false, Duration.ZERO);
  }

  private static ClaimedTask task(@Nullable String traceparent) {
    Instant now = Instant.parse("2026-03-01T12:00:00Z");
    return new ClaimedTask(
        new AttemptToken(UUID.randomUUID(), 3),
        UUID.randomUUID(),
        "echo",
        "reports",
        "{}",
        2,
        5,
        Duration.ofMinutes(1),
        now,
        now,
        traceparent);
  }
}
