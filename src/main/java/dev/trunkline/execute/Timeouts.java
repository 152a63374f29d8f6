package dev.trunkline.execute;

import dev.trunkline.execute.RunningAttempt.Stop;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Stops attempts that take too long. The time is counted by this process' monotonic clock: it
 * bounds how long a handler computes, and decides nothing that another process relies on.
 */
@Singleton
class Timeouts {

  private final ScheduledThreadPoolExecutor timer =
      new ScheduledThreadPoolExecutor(
          1, Thread.ofPlatform().daemon().name("attempt-timeouts").factory());

  Timeouts() {
    timer.setRemoveOnCancelPolicy(true);
  }

  /** Stops the attempt after its timeout, unless closed before. */
  Timeout after(RunningAttempt attempt) {
    Future<?> stop =
        timer.schedule(
            () -> attempt.stop(Stop.TIMED_OUT),
            attempt.task().timeout().toMillis(),
            TimeUnit.MILLISECONDS);
    return () -> stop.cancel(false);
  }

  @PreDestroy
  void close() {
    timer.shutdownNow();
  }

  /** A timeout that is running. */
  @FunctionalInterface
  interface Timeout extends AutoCloseable {
    @Override
    void close();
  }
}
