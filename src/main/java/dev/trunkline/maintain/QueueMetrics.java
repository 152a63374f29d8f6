package dev.trunkline.maintain;

import dev.trunkline.inspect.QueueCounts;
import dev.trunkline.inspect.QueueStatus.Depth;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Counts of tasks by queue and state, and the age of the oldest due one. They are the same on every
 * replica, so that a dashboard takes the maximum. The longer the counting took, the more seldom it
 * is done: at most a twentieth of the time.
 */
@ApplicationScoped
class QueueMetrics {

  private static final int SHARE = 20;

  private final QueueCounts queues;
  private final MultiGauge tasks;
  private final MultiGauge oldestDue;
  private long nextNanos = System.nanoTime();

  QueueMetrics(QueueCounts queues, MeterRegistry meters) {
    this.queues = queues;
    this.tasks =
        MultiGauge.builder("trunkline.tasks")
            .description("Tasks by queue and state; succeeded ones are counted as attempts")
            .register(meters);
    this.oldestDue =
        MultiGauge.builder("trunkline.queue.oldest.due.age")
            .description("How long the oldest due task has been waiting")
            .baseUnit("seconds")
            .register(meters);
  }

  synchronized void runOnce() {
    if (System.nanoTime() - nextNanos < 0) {
      return;
    }
    long start = System.nanoTime();
    try {
      count();
    } finally {
      Duration pause = Duration.ofNanos(System.nanoTime() - start).multipliedBy(SHARE);
      nextNanos = System.nanoTime() + pause.toNanos();
    }
  }

  private void count() {
    List<Row<?>> counts = new ArrayList<>();
    List<Row<?>> ages = new ArrayList<>();
    queues
        .refresh()
        .forEach(
            (name, counted) -> {
              Tags queue = Tags.of("queue", name);
              Depth depth = counted.depth();
              counts.add(Row.of(queue.and("state", "scheduled"), depth.scheduled()));
              counts.add(Row.of(queue.and("state", "queued"), depth.queued()));
              counts.add(Row.of(queue.and("state", "running"), depth.running()));
              counts.add(Row.of(queue.and("state", "failed"), depth.failed()));
              counts.add(Row.of(queue.and("state", "cancelled"), depth.cancelled()));
              ages.add(Row.of(queue, counted.oldestDueSeconds()));
            });
    tasks.register(counts, true);
    oldestDue.register(ages, true);
  }
}
