package dev.trunkline.inspect;

import com.fasterxml.jackson.annotation.JsonRawValue;
import dev.trunkline.task.Task;
import dev.trunkline.task.TaskState;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A task as the HTTP contract writes it: what is answered, streamed and called back with. */
@RegisterForReflection
@Schema(name = "Task")
public record TaskView(
    UUID id,
    String type,
    String queue,
    @Schema(
            implementation = String.class,
            enumeration = {"scheduled", "queued", "running", "succeeded", "failed", "cancelled"})
        TaskState state,
    int priority,
    List<String> tags,
    @Schema(implementation = Object.class) @JsonRawValue String payload,
    @Schema(implementation = Object.class, description = "Null until the task has succeeded")
        @JsonRawValue
        @Nullable String result,
    @Schema(implementation = FaultView.class) @JsonRawValue @Nullable String error,
    @Schema(implementation = ProgressView.class) @JsonRawValue @Nullable String progress,
    int attempt,
    int maxAttempts,
    @Schema(implementation = String.class, description = "ISO 8601 duration", examples = "PT10M")
        Duration timeout,
    Instant runAt,
    Instant createdAt,
    @Nullable Instant startedAt,
    @Nullable Instant finishedAt,
    @Nullable Instant expiresAt,
    @Nullable String worker,
    @Nullable String traceparent) {

  public static TaskView of(Task task) {
    return new TaskView(
        task.id,
        task.type,
        task.queue,
        task.state,
        task.priority,
        task.tags,
        task.payload,
        task.result,
        task.error,
        task.progress,
        task.attempt,
        task.maxAttempts,
        task.timeout,
        task.runAt,
        task.createdAt,
        task.startedAt,
        task.finishedAt,
        task.expiresAt,
        task.worker,
        task.traceparent);
  }

  /** Why a task failed, or why its last attempt did; documents the JSON that PostgreSQL holds. */
  @Schema(name = "TaskError")
  public record FaultView(
      @Schema(examples = {"handler-failed", "timed-out", "worker-lost", "rejected", "expired"})
          String type,
      String message,
      int attempt,
      Instant at) {}

  /** How far an attempt has come; documents the JSON that PostgreSQL holds. */
  @Schema(name = "Progress")
  public record ProgressView(
      @Schema(minimum = "0", maximum = "100") int percent, String message, Instant at) {}
}
