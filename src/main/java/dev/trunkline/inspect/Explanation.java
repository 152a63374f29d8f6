package dev.trunkline.inspect;

import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.trunkline.task.TaskState;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.Locale;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** Why a task does not run, or what it does, in the HTTP contract. */
@RegisterForReflection
@Schema(name = "Explanation")
public record Explanation(
    UUID id,
    @Schema(
            implementation = String.class,
            enumeration = {"scheduled", "queued", "running", "succeeded", "failed", "cancelled"})
        TaskState state,
    @Schema(
            implementation = String.class,
            enumeration = {
              "scheduled",
              "expired",
              "queue-paused",
              "no-worker-for-type",
              "no-worker-for-queue",
              "no-capacity",
              "no-worker-asking",
              "starting",
              "running",
              "cancelling",
              "worker-silent",
              "succeeded",
              "failed",
              "cancelled"
            })
        Reason reason,
    @Schema(description = "The reason in words") String detail,
    String type,
    String queue,
    @Schema(description = "The attempt that runs, comes next, or was the last") int attempt,
    @Schema(description = "When the task is due; null unless it is scheduled")
        @Nullable Instant until,
    @Schema(description = "Since when its queue is paused; null where it is not")
        @Nullable Instant queuePausedAt,
    @Schema(description = "1 is the next to start; null unless it is queued where workers are")
        @Nullable Long position,
    @Schema(description = "False where the position is only as far as was counted")
        @Nullable Boolean positionExact,
    @Schema(description = "Null unless the task is queued") @Nullable Rivals workers,
    @Schema(description = "Who runs it, or ran it last") @Nullable String worker,
    @Nullable Instant startedAt,
    @Nullable Instant finishedAt,
    @Schema(implementation = TaskView.FaultView.class) @JsonRawValue @Nullable String error) {

  /** The reasons there are; what is written is {@code queue-paused}. */
  public enum Reason {
    SCHEDULED,
    EXPIRED,
    QUEUE_PAUSED,
    NO_WORKER_FOR_TYPE,
    NO_WORKER_FOR_QUEUE,
    NO_CAPACITY,
    NO_WORKER_ASKING,
    STARTING,
    RUNNING,
    CANCELLING,
    WORKER_SILENT,
    SUCCEEDED,
    FAILED,
    CANCELLED;

    @JsonValue
    public String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /** Who could run the task. */
  @RegisterForReflection
  @Schema(name = "ExplanationWorkers")
  public record Rivals(
      @Schema(description = "Workers that live, processes of the service and others") int live,
      @Schema(description = "Those of them that can run its type") int ofType,
      @Schema(description = "Those of these that take from its queue") int ofQueue,
      @Schema(
              description =
                  "Attempts that these run at once: processes of its queue, others in all")
          long capacity,
      @Schema(description = "Attempts that they run now") long running) {}
}
