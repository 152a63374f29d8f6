package dev.trunkline.database;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Runs writes: at once while little comes, and after a moment of gathering while much does, so that
 * one commit serves many. What tells is how much the last write wrote: one that had to leave some
 * has more that has gathered already. For writes that come one after the other.
 */
final class CrowdExecutor implements Executor {

  /** So long after a write nobody belongs to its crowd. */
  private static final Duration OVER = Duration.ofMillis(100);

  private final ScheduledExecutorService thread;
  private final int crowd;
  private final Duration gathering;
  private volatile boolean crowded;
  private volatile long writtenNanos;

  /**
   * @param crowd items in one write that make a crowd
   * @param gathering how long the write after such a one waits
   */
  CrowdExecutor(ScheduledExecutorService thread, int crowd, Duration gathering) {
    this.thread = thread;
    this.crowd = crowd;
    this.gathering = gathering;
  }

  @Override
  public void execute(Runnable write) {
    if (crowded && System.nanoTime() - writtenNanos < OVER.toNanos()) {
      var _ = thread.schedule(write, gathering.toNanos(), TimeUnit.NANOSECONDS);
    } else {
      thread.execute(write);
    }
  }

  /**
   * So much is in the present write.
   *
   * @param leavesSome whether it could not take all that waited
   */
  void writes(int items, boolean leavesSome) {
    crowded = items >= crowd && !leavesSome;
    writtenNanos = System.nanoTime();
  }
}
