package dev.trunkline.api;

import dev.trunkline.inspect.QueueStatus;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A queue in the HTTP contract. */
@RegisterForReflection
@Schema(name = "Queue")
record QueueView(
    @Schema(examples = "default") String name,
    boolean paused,
    @Nullable Instant pausedAt,
    Instant createdAt,
    DepthView depth,
    @Schema(description = "When the depth was counted: now, or its large numbers a while ago")
        Instant countedAt,
    @Schema(description = "True where a number of the depth is only how many there are at least")
        boolean atLeast,
    @Schema(
            implementation = String.class,
            examples = "PT2.5S",
            description = "How long the oldest due task has been waiting; null where none is due")
        @Nullable Duration oldestDueAge,
    ThroughputView throughput,
    @Schema(description = "Workers that live and take tasks from it") int workers,
    @Schema(description = "Attempts that these run at once") long capacity) {

  private static final Duration WINDOW = Duration.ofMinutes(1);

  static QueueView of(QueueStatus queue) {
    return new QueueView(
        queue.name(),
        queue.pausedAt().isPresent(),
        queue.pausedAt().orElse(null),
        queue.createdAt(),
        DepthView.of(queue.depth()),
        queue.countedAt(),
        queue.atLeast(),
        queue.oldestDue().orElse(null),
        new ThroughputView(WINDOW, queue.attempts(), queue.succeeded()),
        queue.workers(),
        queue.capacity());
  }

  /** How many tasks are in each state. */
  @RegisterForReflection
  @Schema(name = "QueueDepth", description = "Tasks by state; those that succeeded are not counted")
  record DepthView(long scheduled, long queued, long running, long failed, long cancelled) {

    static DepthView of(QueueStatus.Depth depth) {
      return new DepthView(
          depth.scheduled(), depth.queued(), depth.running(), depth.failed(), depth.cancelled());
    }
  }

  /** What was done lately. */
  @RegisterForReflection
  @Schema(name = "QueueThroughput", description = "What has ended within the window until now")
  record ThroughputView(
      @Schema(implementation = String.class, format = "duration", examples = "PT1M")
          Duration window,
      @Schema(description = "Attempts, however they ended") long attempts,
      @Schema(description = "Those that succeeded, and with them their tasks") long succeeded) {}

  /** A page of the list of queues. */
  @RegisterForReflection
  @Schema(name = "QueuePage")
  record PageView(
      @Schema(description = "Ordered by name") List<QueueView> items,
      @Schema(description = "The cursor of the next page; null at the end of the list")
          @Nullable String next) {

    static PageView of(List<QueueStatus> queues, @Nullable String next) {
      return new PageView(queues.stream().map(QueueView::of).toList(), next);
    }
  }
}
