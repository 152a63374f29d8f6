package dev.trunkline.maintain;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Goes four times a second while there is something to do, and stands still else, because a process
 * that is idle should let its processor sleep. Thread-safe.
 */
final class BusyPulse {

  static final Duration INTERVAL = Duration.ofMillis(250);

  /**
   * It goes on for so many idle pulses: to start and stop for each of some short tasks costs more.
   */
  static final int PATIENCE = 8;

  private final ScheduledExecutorService timer;
  private final BooleanSupplier busy;
  private final List<LongConsumer> tasks = new CopyOnWriteArrayList<>();
  private volatile @Nullable Future<?> going;
  private long pulse;
  private int idle;

  BusyPulse(ScheduledExecutorService timer, BooleanSupplier busy) {
    this.timer = timer;
    this.busy = busy;
  }

  /** Calls it at each pulse of a busy process, with the number of the pulse. */
  void with(LongConsumer task) {
    tasks.add(task);
  }

  /**
   * To be called after the process may have become busy. Costs a look where it goes already. One
   * that a fault in a beat has ended is started anew.
   */
  void start() {
    if (!isGoing()) {
      startAtRest();
    }
  }

  boolean isGoing() {
    Future<?> last = going;
    return last != null && !last.isDone();
  }

  private synchronized void startAtRest() {
    if (!isGoing() && !timer.isShutdown()) {
      idle = 0;
      going =
          timer.scheduleAtFixedRate(
              this::beat, INTERVAL.toNanos(), INTERVAL.toNanos(), TimeUnit.NANOSECONDS);
    }
  }

  private void beat() {
    pulse++;
    if (busy.getAsBoolean()) {
      idle = 0;
      tasks.forEach(task -> task.accept(pulse));
    } else if (++idle >= PATIENCE) {
      rest();
    }
  }

  private synchronized void rest() {
    Future<?> last = going;
    going = null;
    if (last != null) {
      last.cancel(false);
    }
    if (busy.getAsBoolean()) {
      // It became so while it still seemed to go.
      startAtRest();
    }
  }
}
