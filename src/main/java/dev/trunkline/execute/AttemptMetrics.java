package dev.trunkline.execute;

import dev.trunkline.finish.AttemptEnd;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** What operators see of attempts; docs/operations.md tells what each is good for. */
@Singleton
public class AttemptMetrics {

  private final MeterRegistry meters;
  private final Counter leasesLost;
  private final AtomicInteger abandoned = new AtomicInteger();

  /** Kept at hand, for to look one up in the registry costs more than to count. */
  private final Map<String, Timer> waits = new ConcurrentHashMap<>();

  private final Map<Ended, Counter> ends = new ConcurrentHashMap<>();

  AttemptMetrics(MeterRegistry meters, Runners runners) {
    this.meters = meters;
    this.leasesLost =
        Counter.builder("trunkline.leases.lost")
            .description("Outcomes dropped because the attempt was not this worker's any more")
            .register(meters);
    Gauge.builder("trunkline.attempts.running", runners, Runners::running)
        .description("Attempts that run in this process")
        .register(meters);
    Gauge.builder("trunkline.attempts.ahead", runners, Runners::waiting)
        .description("Attempts that this process has claimed ahead and not begun")
        .register(meters);
    Gauge.builder("trunkline.attempts.abandoned.running", abandoned, AtomicInteger::get)
        .description("Handlers that still run although their attempts were ended without them")
        .register(meters);
  }

  /**
   * Until its claim by the database's clock, so that no clock of a worker bends it, and from the
   * answer to the claim on by what has passed here.
   */
  void started(RunningAttempt attempt) {
    ClaimedTask task = attempt.task();
    waits
        .computeIfAbsent(task.queue(), this::wait)
        .record(between(task.due(), task.startedAt()).plus(attempt.waited()));
  }

  private Timer wait(String queue) {
    return Timer.builder("trunkline.task.wait")
        .description("From the time a task was due until its turn came")
        .publishPercentileHistogram()
        .tags("queue", queue)
        .register(meters);
  }

  /**
   * A write was refused because this worker, or this attempt, is not the current one any more.
   *
   * @param write {@code heartbeat}, {@code progress} or {@code finish}
   */
  public void refused(String write) {
    Counter.builder("trunkline.writes.refused")
        .description("Writes that came from a worker or an attempt that was not current any more")
        .tags("write", write)
        .register(meters)
        .increment();
  }

  /** An attempt was stopped because the lease was lost; what became of it, others know. */
  void leaseLost() {
    leasesLost.increment();
  }

  /** An attempt was ended without its handler, which may run on. */
  void abandoned(ClaimedTask task) {
    abandoned.incrementAndGet();
    Counter.builder("trunkline.attempts.abandoned")
        .description("Attempts that were ended because their handlers ignored the interrupt")
        .tags("type", task.type(), "queue", task.queue())
        .register(meters)
        .increment();
  }

  /** The handler of an attempt that was ended without it has returned. */
  void abandonedReturned() {
    abandoned.decrementAndGet();
  }

  /**
   * An attempt of this process has ended.
   *
   * @param written false where it was not the current one any more
   */
  public void ended(ClaimedTask task, AttemptEnd end, boolean written) {
    if (!written) {
      leasesLost.increment();
      refused("finish");
    }
    ends.computeIfAbsent(new Ended(outcome(end, written), task.type(), task.queue()), this::counter)
        .increment();
  }

  private Counter counter(Ended ended) {
    return Counter.builder("trunkline.attempts")
        .description("Attempts that ended in this process, by outcome")
        .tags("outcome", ended.outcome(), "type", ended.type(), "queue", ended.queue())
        .register(meters);
  }

  /** What became of an attempt, in one word. */
  static String outcome(AttemptEnd end, boolean written) {
    if (!written) {
      return "lease-lost";
    }
    return switch (end) {
      case AttemptEnd.Success success -> "succeeded";
      case AttemptEnd.Setback setback -> setback.kind().outcome();
    };
  }

  private static Duration between(Instant due, Instant started) {
    Duration wait = Duration.between(due, started);
    return wait.isNegative() ? Duration.ZERO : wait;
  }

  private record Ended(String outcome, String type, String queue) {}
}
