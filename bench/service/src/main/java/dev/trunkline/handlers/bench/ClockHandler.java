package dev.trunkline.handlers.bench;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trunkline.task.Outcome;
import dev.trunkline.task.TaskContext;
import dev.trunkline.task.TaskHandler;
import dev.trunkline.task.TaskType;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** The handler of {@code bench.clock}: when it began, in microseconds since 1970. */
@Singleton
public class ClockHandler implements TaskHandler<JsonNode, Long> {

  @Override
  public TaskType<JsonNode, Long> type() {
    return TaskType.<JsonNode, Long>named("bench.clock", JsonNode.class, Long.class)
        .withDescription("Tells when it began.");
  }

  @Override
  public Outcome<Long> handle(JsonNode payload, TaskContext context) {
    return Outcome.succeeded(ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now()));
  }
}
