package dev.trunkline.finish;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Runs writes: at once while little comes, and after a moment of gathering while much does, so that
 * one commit serves many. What tells is how much the last write wrote: a full one has left more,
 * which has gathered already. For writes that come one after the other.
 */
final class CrowdExecutor implements Executor {

  static final int CROWD = 32;
  static final Duration GATHERING = Duration.ofMillis(16);

  /** So long after a write nobody belongs to its crowd. */
  private static final Duration OVER = Duration.ofMillis(100);

  private final ScheduledExecutorService thread;
  private volatile boolean crowd;
  private volatile long writtenNanos;

  CrowdExecutor(ScheduledExecutorService thread) {
    this.thread = thread;
  }

  @Override
  public void execute(Runnable write) {
    if (crowd && System.nanoTime() - writtenNanos < OVER.toNanos()) {
      var _ = thread.schedule(write, GATHERING.toMillis(), TimeUnit.MILLISECONDS);
    } else {
      thread.execute(write);
    }
  }

  /**
   * So much is in the present write.
   *
   * @param full whether it takes no more, so that more may wait already
   */
  void writes(int ends, boolean full) {
    crowd = ends >= CROWD && !full;
    writtenNanos = System.nanoTime();
  }
}
