package dev.trunkline.api;

import com.fasterxml.jackson.annotation.JsonRawValue;
import dev.trunkline.inspect.WorkerStatus;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A worker in the HTTP contract. */
@RegisterForReflection
@Schema(name = "Worker")
record WorkerView(
    @Schema(
            implementation = String.class,
            enumeration = {"process", "http"},
            description = "A process of the service, or one that works over HTTP")
        WorkerStatus.Kind kind,
    @Schema(description = "Of this start of the process; null over HTTP") @Nullable UUID id,
    @Schema(description = "As in tasks and attempts; two processes may share one") String name,
    Instant startedAt,
    @Schema(description = "The last sign of life") Instant heartbeatAt,
    @Schema(description = "When it is taken for dead unless it is heard of again")
        Instant expiresAt,
    @Schema(description = "What it runs; null where it takes any type, or has not said")
        @Nullable List<String> types,
    @Schema(description = "What it takes tasks from; null means every queue")
        @Nullable List<String> queues,
    @Schema(
            description =
                "Attempts at once: of each queue, over HTTP of all together, which is what it has"
                    + " asked for; null where it has not said")
        @Nullable Integer capacity,
    @Schema(
            implementation = Object.class,
            description = "The queues for which it is another number")
        @JsonRawValue
        String capacityByQueue,
    @Schema(description = "Attempts that it runs") int running,
    @Schema(description = "The ids of their tasks, a hundred at most") List<UUID> tasks) {

  static WorkerView of(WorkerStatus worker) {
    return new WorkerView(
        worker.kind(),
        worker.id().orElse(null),
        worker.name(),
        worker.startedAt(),
        worker.heartbeatAt(),
        worker.expiresAt(),
        worker.types().orElse(null),
        worker.queues().orElse(null),
        worker.capacity().orElse(null),
        worker.capacities(),
        worker.running(),
        worker.tasks());
  }

  /** A page of those that live. */
  @RegisterForReflection
  @Schema(name = "WorkerPage")
  record PageView(
      @Schema(description = "Ordered by name") List<WorkerView> items,
      @Schema(description = "The cursor of the next page; null at the end of the list")
          @Nullable String next) {

    static PageView of(List<WorkerStatus> workers, @Nullable String next) {
      return new PageView(workers.stream().map(WorkerView::of).toList(), next);
    }
  }
}
