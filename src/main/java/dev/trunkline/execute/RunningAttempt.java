package dev.trunkline.execute;

import dev.trunkline.finish.ProgressReport;
import dev.trunkline.task.TaskContext;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * An attempt while its handler runs: what the handler sees of it, and the way to stop it.
 *
 * <p>The interrupt goes to the handler alone. Once {@link #close} has been called no further one is
 * sent, and one that came is taken back, because the same thread goes on to write the outcome and
 * an interrupted virtual thread loses its database connection.
 */
public final class RunningAttempt implements TaskContext {

  /** Why an attempt is stopped from outside. */
  public enum Stop {
    TIMED_OUT,
    CANCELLED,
    LEASE_LOST,
    SHUTDOWN
  }

  private final ClaimedTask task;
  private final AtomicBoolean unreported = new AtomicBoolean();
  private volatile @Nullable ProgressReport progress;
  private volatile @Nullable Stop stop;
  private volatile boolean givenUp;
  private @Nullable Thread handler;

  RunningAttempt(ClaimedTask task) {
    this.task = task;
  }

  public ClaimedTask task() {
    return task;
  }

  /** Interrupts the handler, at once or when it begins; the first reason counts. */
  public synchronized void stop(Stop reason) {
    givenUp |= reason == Stop.LEASE_LOST || reason == Stop.SHUTDOWN;
    if (stop == null) {
      stop = reason;
      if (handler != null) {
        handler.interrupt();
      }
    }
  }

  /** The newest report, if it has not been taken yet. */
  public Optional<ProgressReport> takeProgress() {
    return unreported.getAndSet(false) ? lastProgress() : Optional.empty();
  }

  @Override
  public UUID taskId() {
    return task.token().taskId();
  }

  @Override
  public int attempt() {
    return task.token().attempt();
  }

  @Override
  public int maxAttempts() {
    return task.maxAttempts();
  }

  @Override
  public void progress(int percent, String message) {
    progress = ProgressReport.of(percent, message);
    unreported.set(true);
  }

  @Override
  public boolean isCancelled() {
    return stop != null;
  }

  /** The present thread runs the handler from here on. */
  synchronized void open() {
    handler = Thread.currentThread();
    if (stop != null) {
      handler.interrupt();
    }
  }

  /** The handler has ended; why it was stopped, if it was. */
  synchronized Optional<Stop> close() {
    handler = null;
    Thread.interrupted();
    return Optional.ofNullable(stop);
  }

  /**
   * Whether it is still this worker's, as far as it knows. One that timed out or was cancelled is:
   * its end has yet to be written, however often that must be tried.
   */
  boolean isHeld() {
    return !givenUp;
  }

  boolean isStoppedBy(Stop reason) {
    return stop == reason;
  }

  Optional<ProgressReport> lastProgress() {
    return Optional.ofNullable(progress);
  }
}
