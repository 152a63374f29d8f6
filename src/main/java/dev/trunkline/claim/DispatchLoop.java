package dev.trunkline.claim;

import dev.trunkline.config.TrunklineConfig;
import dev.trunkline.database.Migration;
import dev.trunkline.execute.SlotFree;
import dev.trunkline.task.TasksReady;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.scheduler.Scheduler;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Turns the dispatcher: when a task was submitted here, when a notification comes, when a slot
 * becomes free, when the next task is due, and now and then all the same, by the scheduler's poll.
 */
@ApplicationScoped
public class DispatchLoop {

  /** The loop turns at least this often, so that one that stands still can be told. */
  static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  private static final Logger LOG = Logger.getLogger(DispatchLoop.class);
  private static final Duration PATIENCE_WITH_A_CLAIM = Duration.ofSeconds(5);

  /** Slots become free in crowds; one claim for all of them costs little more than for one. */
  private static final Duration LOOK_FOR_SLOTS = Duration.ofMillis(1);

  private static final int MOST_LOOKS_FOR_SLOTS = 5;

  /** Where tasks are claimed ahead, so that no slot stands idle. */
  private static final int MOST_LOOKS_AHEAD = 10;

  private static final Duration PAUSE_AFTER_FAULT = Duration.ofMillis(500);

  private final Dispatcher dispatcher;
  private final DirectClaims directClaims;
  private final Notifier notifier;
  private final Listening listening;
  private final Migration migration;
  private final Scheduler scheduler;
  private final TrunklineConfig.Worker config;
  private final Signal signal = new Signal();
  private volatile long lastTurn = System.nanoTime();
  private volatile boolean stopping;

  /** Perhaps of another queue than those whose slots are waited for. */
  private volatile boolean newWork;

  private Optional<Thread> thread = Optional.empty();

  DispatchLoop(
      Dispatcher dispatcher,
      DirectClaims directClaims,
      Notifier notifier,
      Listening listening,
      Migration migration,
      Scheduler scheduler,
      TrunklineConfig config) {
    this.dispatcher = dispatcher;
    this.directClaims = directClaims;
    this.notifier = notifier;
    this.listening = listening;
    this.migration = migration;
    this.scheduler = scheduler;
    this.config = config.worker();
  }

  void atStart(@Observes StartupEvent event) {
    if (config.enabled()) {
      thread = Optional.of(Thread.ofPlatform().daemon().name("dispatcher").start(this::loop));
      scheduler
          .newJob("poll")
          .setInterval(config.pollInterval().toString())
          .setTask(execution -> wake())
          .schedule();
    }
  }

  void onReady(@Observes TasksReady ready) {
    boolean takenHere =
        ready.runHere()
            && config.enabled()
            && !stopping
            && !dispatcher.isSaturated()
            && config.queues().isEmpty();
    if (ready.elsewhere() && !takenHere) {
      notifier.notifyOthers();
    }
    if (config.enabled()) {
      // What comes after these is not to overtake them.
      directClaims.close();
      newWork = true;
      wake();
    }
  }

  void onSlotFree(@Observes SlotFree free) {
    if (dispatcher.isSaturated()) {
      wake();
    }
  }

  /** Looks for work soon. */
  public void wake() {
    signal.raise();
  }

  /**
   * Claims nothing any more. Waits for a claim that is under way, so that whoever asks for the
   * running attempts afterwards sees the ones that it has started.
   */
  public void stop() throws InterruptedException {
    stopping = true;
    wake();
    long start = System.nanoTime();
    directClaims.stop(PATIENCE_WITH_A_CLAIM);
    Duration left = PATIENCE_WITH_A_CLAIM.minusNanos(System.nanoTime() - start);
    if (thread.isPresent() && !thread.get().join(left)) {
      LOG.warn("A claim is still under way; what it gets is rescued when the lease ends.");
    }
  }

  /** How long the loop has not turned; zero where this process runs no worker. */
  public Duration sinceLastTurn() {
    return config.enabled() && !stopping
        ? Duration.ofNanos(System.nanoTime() - lastTurn)
        : Duration.ZERO;
  }

  private void loop() {
    try {
      while (!stopping) {
        signal.await(turn());
        directClaims.close();
        awaitMoreSlots();
        Duration sinceLast = Duration.ofNanos(System.nanoTime() - lastTurn);
        Thread.sleep(dispatcher.untilNextClaim(sinceLast));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void awaitMoreSlots() throws InterruptedException {
    for (int i = 0; i < mostLooks() && dispatcher.isTooEarly(); i++) {
      if (newWork || stopping) {
        break;
      }
      Thread.sleep(LOOK_FOR_SLOTS);
    }
    newWork = false;
  }

  private int mostLooks() {
    return dispatcher.isAhead() ? MOST_LOOKS_AHEAD : MOST_LOOKS_FOR_SLOTS;
  }

  Duration turn() throws InterruptedException {
    lastTurn = System.nanoTime();
    if (!migration.isDone()) {
      return PAUSE_AFTER_FAULT;
    }
    try {
      Duration pause = dispatcher.runOnce();
      if (dispatcher.leavesWork()) {
        notifier.thereIsMore();
      }
      Duration longest = listening.longestPause();
      return pause.compareTo(longest) > 0 ? longest : pause;
    } catch (RuntimeException | Error e) {
      // An answer that was too large for the memory, too: nobody else would ever claim here.
      LOG.warnf("No task could be claimed; trying again: %s", e.getMessage());
      LOG.debug("The fault", e);
      Thread.sleep(PAUSE_AFTER_FAULT);
      return Duration.ZERO;
    }
  }
}
