package dev.trunkline.callback;

import java.time.Instant;
import java.util.UUID;

/**
 * What a delivery delivers: a task in the final state that it reached at that time. A task that has
 * been retried since is another matter, of which another delivery tells.
 *
 * @param finishedAt by the database's clock, to the microsecond
 */
public record Delivery(UUID taskId, Instant finishedAt) {

  /**
   * The name of what is told, the same however often and by whichever delivery it is told (Standard
   * Webhooks, "unique identifier"). No dot, since dots separate what is signed.
   */
  public String webhookId() {
    long micros = finishedAt.getEpochSecond() * 1_000_000 + finishedAt.getNano() / 1_000;
    return "msg_%s_%x".formatted(taskId, micros);
  }
}
