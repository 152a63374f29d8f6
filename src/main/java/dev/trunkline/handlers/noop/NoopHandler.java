package dev.trunkline.handlers.noop;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trunkline.task.Outcome;
import dev.trunkline.task.TaskContext;
import dev.trunkline.task.TaskHandler;
import dev.trunkline.task.TaskType;
import jakarta.inject.Singleton;

/** The handler of {@code noop}: any JSON in, the same JSON out. */
@Singleton
public class NoopHandler implements TaskHandler<JsonNode, JsonNode> {

  @Override
  public TaskType<JsonNode, JsonNode> type() {
    return TaskType.<JsonNode, JsonNode>named("noop", JsonNode.class, JsonNode.class)
        .withDescription("Does nothing and answers its payload.")
        .asExample();
  }

  @Override
  public Outcome<JsonNode> handle(JsonNode payload, TaskContext context) {
    return Outcome.succeeded(payload);
  }
}
