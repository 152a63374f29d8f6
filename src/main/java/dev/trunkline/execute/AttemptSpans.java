package dev.trunkline.execute;

import dev.trunkline.task.TraceContext;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Makes a span of each attempt, with the attributes of OpenTelemetry's conventions for messaging.
 * It begins a trace of its own, linked to the one that submitted the task: they may be days apart,
 * and a task may have many attempts.
 */
@Singleton
class AttemptSpans {

  static final AttributeKey<String> TYPE = AttributeKey.stringKey("trunkline.task.type");
  static final AttributeKey<String> MESSAGE = AttributeKey.stringKey("messaging.message.id");
  static final AttributeKey<Long> ATTEMPT = AttributeKey.longKey("trunkline.task.attempt");

  private static final String SYSTEM = "messaging.system";
  private static final String DESTINATION = "messaging.destination.name";
  private static final String OPERATION = "messaging.operation.name";
  private static final String OPERATION_TYPE = "messaging.operation.type";

  private final Optional<Tracer> tracer;

  AttemptSpans(
      OpenTelemetry telemetry, @ConfigProperty(name = "quarkus.otel.sdk.disabled") boolean off) {
    this.tracer = off ? Optional.empty() : Optional.of(telemetry.getTracer("dev.trunkline"));
  }

  /** The span of an attempt that begins now. */
  AttemptSpan begin(ClaimedTask task) {
    return tracer.map(it -> new AttemptSpan(begin(it, task))).orElse(AttemptSpan.NONE);
  }

  private static Span begin(Tracer tracer, ClaimedTask task) {
    SpanBuilder span =
        tracer
            .spanBuilder("execute " + task.type())
            .setNoParent()
            .setSpanKind(SpanKind.CONSUMER)
            .setAttribute(SYSTEM, "trunkline")
            .setAttribute(OPERATION, "execute")
            .setAttribute(OPERATION_TYPE, "process")
            .setAttribute(DESTINATION, task.queue())
            .setAttribute(MESSAGE, task.token().taskId().toString())
            .setAttribute(TYPE, task.type())
            .setAttribute(ATTEMPT, (long) task.token().attempt());
    TraceContext.named(task.traceparent()).ifPresent(span::addLink);
    return span.startSpan();
  }
}
