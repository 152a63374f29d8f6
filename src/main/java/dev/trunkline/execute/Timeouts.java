package dev.trunkline.execute;

import dev.trunkline.execute.RunningAttempt.Stop;
import io.netty.util.HashedWheelTimer;
import io.quarkus.scheduler.Scheduled;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Stops attempts that take too long, to the next twentieth of a second. The time is counted by this
 * process' monotonic clock: it bounds how long a handler computes, and decides nothing that another
 * process relies on. A wheel, since nearly every timeout is taken back before it comes; it stands
 * still while nothing runs, for it turns twenty times a second. Thread-safe.
 */
@Singleton
class Timeouts {

  private static final Duration TICK = Duration.ofMillis(50);

  private @Nullable HashedWheelTimer wheel;

  /** Timeouts that are running. */
  private int open;

  /** Stops the attempt after its timeout, unless closed before. */
  synchronized Timeout after(RunningAttempt attempt) {
    HashedWheelTimer turning = turning();
    io.netty.util.Timeout stop =
        turning.newTimeout(
            _ -> attempt.stop(Stop.TIMED_OUT),
            attempt.task().timeout().toMillis(),
            TimeUnit.MILLISECONDS);
    open++;
    return () -> close(stop);
  }

  /** One that cannot be started is tried again; to add to it would wait for ever. */
  private HashedWheelTimer turning() {
    HashedWheelTimer turning = wheel;
    if (turning == null) {
      turning = newWheel();
      turning.start();
      wheel = turning;
    }
    return turning;
  }

  private synchronized void close(io.netty.util.Timeout stop) {
    open--;
    stop.cancel();
  }

  /** Has the wheel stand still where nothing runs. */
  @Scheduled(every = "5s")
  void rest() {
    HashedWheelTimer idle = takeIdle();
    if (idle != null) {
      // Waits for its thread, and nobody should wait for that.
      idle.stop();
    }
  }

  private synchronized @Nullable HashedWheelTimer takeIdle() {
    HashedWheelTimer idle = open == 0 ? wheel : null;
    if (idle != null) {
      wheel = null;
    }
    return idle;
  }

  synchronized boolean isTurning() {
    return wheel != null;
  }

  private static HashedWheelTimer newWheel() {
    return new HashedWheelTimer(
        Thread.ofPlatform().daemon().name("attempt-timeouts").factory(),
        TICK.toMillis(),
        TimeUnit.MILLISECONDS);
  }

  @PreDestroy
  synchronized void close() {
    if (wheel != null) {
      wheel.stop();
    }
  }

  /** A timeout that is running. */
  @FunctionalInterface
  interface Timeout extends AutoCloseable {
    @Override
    void close();
  }
}
