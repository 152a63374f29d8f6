package dev.trunkline.task;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The trace context (W3C) on its way: from the submitter's span into the task, from the task to its
 * attempts, and from an attempt to other hosts. While tracing is off no span is current, and there
 * is nothing to pass on.
 */
public final class TraceContext {

  private static final String TRACEPARENT = "traceparent";

  private static final TextMapGetter<Map<String, String>> FROM_MAP =
      new TextMapGetter<>() {
        @Override
        public Iterable<String> keys(Map<String, String> headers) {
          return headers.keySet();
        }

        @Override
        public @Nullable String get(@Nullable Map<String, String> headers, String name) {
          return headers == null ? null : headers.get(name);
        }
      };

  private TraceContext() {}

  /** The header that names the current span; empty where none is current. */
  public static Optional<String> traceparent() {
    return Optional.ofNullable(headers().get(TRACEPARENT));
  }

  /** The headers that carry the current span to another host; none where none is current. */
  public static Map<String, String> headers() {
    Map<String, String> headers = new HashMap<>();
    W3CTraceContextPropagator.getInstance().inject(Context.current(), headers, TraceContext::set);
    return headers;
  }

  /** The span that a header names; empty where it names none. */
  public static Optional<SpanContext> named(@Nullable String traceparent) {
    if (traceparent == null) {
      return Optional.empty();
    }
    Context named =
        W3CTraceContextPropagator.getInstance()
            .extract(Context.root(), Map.of(TRACEPARENT, traceparent), FROM_MAP);
    return Optional.of(Span.fromContext(named).getSpanContext()).filter(SpanContext::isValid);
  }

  private static void set(@Nullable Map<String, String> headers, String name, String value) {
    if (headers != null) {
      headers.put(name, value);
    }
  }
}
