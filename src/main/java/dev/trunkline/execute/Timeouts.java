package dev.trunkline.execute;

import dev.trunkline.execute.RunningAttempt.Stop;
import io.netty.util.HashedWheelTimer;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Stops attempts that take too long, to the next twentieth of a second. The time is counted by this
 * process' monotonic clock: it bounds how long a handler computes, and decides nothing that another
 * process relies on. A wheel, since nearly every timeout is taken back before it comes.
 */
@Singleton
class Timeouts {

  private static final Duration TICK = Duration.ofMillis(50);

  private final HashedWheelTimer timer =
      new HashedWheelTimer(
          Thread.ofPlatform().daemon().name("attempt-timeouts").factory(),
          TICK.toMillis(),
          TimeUnit.MILLISECONDS);

  /** Stops the attempt after its timeout, unless closed before. */
  Timeout after(RunningAttempt attempt) {
    io.netty.util.Timeout stop =
        timer.newTimeout(
            _ -> attempt.stop(Stop.TIMED_OUT),
            attempt.task().timeout().toMillis(),
            TimeUnit.MILLISECONDS);
    return stop::cancel;
  }

  @PreDestroy
  void close() {
    timer.stop();
  }

  /** A timeout that is running. */
  @FunctionalInterface
  interface Timeout extends AutoCloseable {
    @Override
    void close();
  }
}
