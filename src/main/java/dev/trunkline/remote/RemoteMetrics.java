package dev.trunkline.remote;

import dev.trunkline.remote.HeldSql.Taken;
import dev.trunkline.task.Task;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.inject.Singleton;
import java.time.Duration;

/**
 * What operators see of attempts that run outside of the service: under the same names as those
 * that run in it.
 */
@Singleton
class RemoteMetrics {

  private final MeterRegistry meters;

  RemoteMetrics(MeterRegistry meters) {
    this.meters = meters;
  }

  /** Both times are the database's. */
  void started(Task task) {
    Duration wait = Duration.between(task.runAt, task.startedAt);
    Timer.builder("trunkline.task.wait")
        .description("From the time a task was due until its turn came")
        .publishPercentileHistogram()
        .tags("queue", task.queue)
        .register(meters)
        .record(wait.isNegative() ? Duration.ZERO : wait);
  }

  /** An attempt was ended by its worker. */
  void ended(LeaseEnd end, Taken lease) {
    Counter.builder("trunkline.attempts")
        .description("Attempts that ended in this process, by outcome")
        .tags("outcome", outcome(end), "type", lease.type(), "queue", lease.queue())
        .register(meters)
        .increment();
  }

  /**
   * Something was said of an attempt whose lease was lost or over.
   *
   * @param write {@code heartbeat} or {@code finish}
   */
  void refused(String write) {
    Counter.builder("trunkline.writes.refused")
        .description("Writes that came from a worker or an attempt that was not current any more")
        .tags("write", write)
        .register(meters)
        .increment();
  }

  private static String outcome(LeaseEnd end) {
    return switch (end) {
      case LeaseEnd.Complete _ -> "succeeded";
      case LeaseEnd.Fail fail -> fail.again() ? "failed" : "rejected";
      case LeaseEnd.Release _ -> "released";
    };
  }
}
