package dev.trunkline.execute;

import dev.trunkline.finish.ProgressReport;
import dev.trunkline.finish.Ran;
import dev.trunkline.task.TaskContext;
import java.time.Duration;
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

  /** Where the handler is; it leads to one of the last three, and only one side gets there. */
  private enum Phase {
    WAITING,
    PLACED,
    RUNNING,
    ENDED,
    ABANDONED,
    WITHDRAWN
  }

  private final ClaimedTask task;
  private final Ran ran;
  private final WorkerIdentity worker;
  private final AtomicBoolean unreported = new AtomicBoolean();
  private final AtomicBoolean inTheWay = new AtomicBoolean();
  private volatile AttemptSpan span = AttemptSpan.NONE;
  private volatile @Nullable ProgressReport progress;
  private volatile @Nullable Stop stop;
  private volatile boolean givenUp;
  private final long waitsSinceNanos = System.nanoTime();
  private long stoppedNanos;
  private long runsSinceNanos;
  private long ranNanos = Long.MAX_VALUE;
  private Phase phase = Phase.WAITING;
  private boolean hasPlace;
  private @Nullable Thread handler;

  RunningAttempt(ClaimedTask task, WorkerIdentity worker) {
    this.task = task;
    this.worker = worker;
    this.ran = new Ran(task.token(), worker.name(), task.startedAt());
  }

  public ClaimedTask task() {
    return task;
  }

  /** What is remembered of it when it ends. */
  public Ran ran() {
    return ran;
  }

  /** What its trace shows of it, from its beginning on. */
  AttemptSpan span() {
    return span;
  }

  void begin(AttemptSpan inSpan) {
    span = inSpan;
  }

  /** Who holds its lease. */
  WorkerIdentity worker() {
    return worker;
  }

  /** Interrupts the handler, at once or when it begins; the first reason counts. */
  public synchronized void stop(Stop reason) {
    givenUp |= reason == Stop.LEASE_LOST || reason == Stop.SHUTDOWN;
    if (stop == null) {
      stop = reason;
      stoppedNanos = System.nanoTime();
      if (phase == Phase.RUNNING && handler != null) {
        handler.interrupt();
      }
    }
  }

  /** As {@link #stop}, but only while the handler runs; true where it does. */
  public synchronized boolean stopIfOpen(Stop reason) {
    boolean open = phase == Phase.WAITING || phase == Phase.PLACED || phase == Phase.RUNNING;
    if (open) {
      stop(reason);
    }
    return open;
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

  /** It is its turn, and a place is its own from here on; false where it was withdrawn. */
  synchronized boolean takePlace() {
    if (phase == Phase.WAITING) {
      phase = Phase.PLACED;
      hasPlace = true;
    }
    return hasPlace;
  }

  synchronized boolean hasPlace() {
    return hasPlace;
  }

  /** It could not begin, and waits again; false where it has, or was abandoned. */
  synchronized boolean losePlace() {
    boolean placed = phase == Phase.PLACED;
    if (placed) {
      phase = Phase.WAITING;
      hasPlace = false;
    }
    return placed;
  }

  /** Takes it back before its turn has come; false where it has. Its handler never runs then. */
  synchronized boolean withdraw() {
    boolean waits = phase == Phase.WAITING;
    if (waits) {
      phase = Phase.WITHDRAWN;
    }
    return waits;
  }

  synchronized boolean isWithdrawn() {
    return phase == Phase.WITHDRAWN;
  }

  /** How long it has been claimed, since the answer to the claim. */
  Duration waited() {
    return Duration.ofNanos(System.nanoTime() - waitsSinceNanos);
  }

  /** Whether it waits for its turn, and has for so long. */
  synchronized boolean waitsFor(Duration atLeast) {
    return phase == Phase.WAITING && System.nanoTime() - waitsSinceNanos >= atLeast.toNanos();
  }

  /** Whether its handler has run, and for no longer than this. */
  synchronized boolean ranNoLongerThan(Duration duration) {
    return ranNanos <= duration.toNanos();
  }

  /** It is in the way of others from here on. */
  void tookSlot() {
    inTheWay.set(true);
  }

  /** True for the first who asks after it took a slot; then another attempt has its place. */
  boolean makesWay() {
    return inTheWay.getAndSet(false);
  }

  /** The present thread runs the handler from here on; false where the attempt was abandoned. */
  synchronized boolean open() {
    if (phase == Phase.ABANDONED || phase == Phase.WITHDRAWN) {
      return false;
    }
    phase = Phase.RUNNING;
    runsSinceNanos = System.nanoTime();
    handler = Thread.currentThread();
    if (stop != null) {
      handler.interrupt();
    }
    return true;
  }

  /** The handler has ended; false where that matters to nobody, for the attempt was abandoned. */
  synchronized boolean close() {
    Thread.interrupted();
    if (phase == Phase.ABANDONED) {
      return false;
    }
    phase = Phase.ENDED;
    ranNanos = System.nanoTime() - runsSinceNanos;
    handler = null;
    return true;
  }

  /**
   * Ends the attempt without its handler, where that has been told to stop for longer than this and
   * has not. Once true it stays so, for whoever abandons an attempt writes its end.
   */
  synchronized boolean abandon(Duration patience) {
    boolean overdue = stop != null && System.nanoTime() - stoppedNanos >= patience.toNanos();
    if ((phase == Phase.PLACED || phase == Phase.RUNNING) && overdue) {
      phase = Phase.ABANDONED;
    }
    return phase == Phase.ABANDONED;
  }

  synchronized boolean isAbandoned() {
    return phase == Phase.ABANDONED;
  }

  /** Where the handler is at this moment; empty where it has not begun. */
  synchronized StackTraceElement[] whereHandlerIs() {
    return handler == null ? new StackTraceElement[0] : handler.getStackTrace();
  }

  /** Why it was stopped from outside, if it was. */
  Optional<Stop> stopReason() {
    return Optional.ofNullable(stop);
  }

  /**
   * Whether it is still this worker's, as far as it knows. One that timed out or was cancelled is:
   * its end has yet to be written, however often that must be tried.
   */
  boolean isHeld() {
    return !givenUp;
  }

  Optional<ProgressReport> lastProgress() {
    return Optional.ofNullable(progress);
  }
}
