package dev.trunkline.execute;

import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.quarkus.test.junit.QuarkusTestProfile;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.Map;

/** The service with tracing on, switched as an operator does it; its spans stay in memory. */
public final class Traced implements QuarkusTestProfile {

  /** The spans of the whole process that have ended. */
  static final InMemorySpanExporter SPANS = InMemorySpanExporter.create();

  @Override
  public Map<String, String> getConfigOverrides() {
    return Map.of(
        "quarkus.otel.sdk.disabled", "false",
        // There is no collector; the first try to send would be after the test.
        "quarkus.otel.bsp.schedule.delay", "1h");
  }

  /** Found by Quarkus beside its own processor. */
  static final class Processor {
    @Produces
    @Singleton
    SpanProcessor inMemory() {
      return SimpleSpanProcessor.create(SPANS);
    }
  }
}
