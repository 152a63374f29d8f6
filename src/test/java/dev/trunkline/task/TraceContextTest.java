package dev.trunkline.task;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.context.Scope;
import org.junit.jupiter.api.Test;

class TraceContextTest {

  private static final String HEADER = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

  @Test
  void what_a_header_names_is_what_the_next_header_says() {
    SpanContext named = TraceContext.named(HEADER).orElseThrow();
    try (Scope _ = Span.wrap(named).makeCurrent()) {
      assertThat(TraceContext.traceparent()).hasValue(HEADER);
      assertThat(TraceContext.headers()).containsEntry("traceparent", HEADER);
    }
  }

  @Test
  void without_a_current_span_there_is_nothing_to_pass_on() {
    assertThat(TraceContext.traceparent()).isEmpty();
    assertThat(TraceContext.headers()).isEmpty();
  }

  @Test
  void what_names_no_span_is_none() {
    assertThat(TraceContext.named(null)).isEmpty();
    assertThat(TraceContext.named("nonsense")).isEmpty();
  }
}
