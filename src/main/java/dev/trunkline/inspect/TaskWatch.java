package dev.trunkline.inspect;

import dev.trunkline.task.AttemptsEnded;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Follows tasks for everybody who waits for one in this process: one thread, one connection for as
 * long as a statement runs, and one short question for all of them together, twenty times a second.
 * Nobody is asked while nobody watches. What this process itself brings to an end is looked at
 * sooner, but nothing depends on it.
 *
 * <p>It looks at how things are and not at what happens, so that nothing can be missed between a
 * commit and a registration. The looks at all that is watched take half of the time at most: the
 * longer one takes, the longer is the pause. Thread-safe.
 */
@ApplicationScoped
public class TaskWatch {

  private static final Logger LOG = Logger.getLogger(TaskWatch.class);
  private static final Duration TICK = Duration.ofMillis(50);
  private static final Duration PAUSE_AFTER_FAULT = Duration.ofMillis(500);

  /** Ids in one question. */
  private static final int QUESTION = 1_000;

  private final WatchReader reader;
  private final Watchers watchers = new Watchers();
  private final Timer looks;

  /** Watched tasks that are worth a look before the next tick. */
  private final BlockingQueue<UUID> hints = new LinkedBlockingQueue<>();

  private volatile boolean leaving;
  private volatile boolean stopped;
  private long nextLook = System.nanoTime();
  private boolean warned;

  TaskWatch(WatchReader reader, MeterRegistry meters) {
    this.reader = reader;
    this.looks =
        Timer.builder("trunkline.watch")
            .description("One look at all watched tasks, with the reading of those that changed")
            .publishPercentileHistogram()
            .register(meters);
    meters.gauge("trunkline.watched.tasks", watchers, all -> all.tasks().size());
    meters.gauge("trunkline.waits", watchers, all -> all.count(Waiter.class));
  }

  void atStart(@Observes StartupEvent event) {
    // A platform thread: handlers that only compute can keep virtual ones from running.
    Thread.ofPlatform().daemon().name("watch").start(this::loop);
  }

  /** Before Quarkus waits for the requests that are under way. */
  void atGoodbye(@Observes ShutdownDelayInitiatedEvent event) {
    leaving = true;
    watchers.all().forEach(Watcher::goodbye);
    hints.addAll(watchers.tasks());
  }

  void onEnd(@Observes AttemptsEnded ended) {
    if (!watchers.isEmpty()) {
      ended.tasks().stream().filter(watchers::isWatched).forEach(hints::add);
    }
  }

  @PreDestroy
  void stop() {
    stopped = true;
    hints.add(new UUID(0, 0));
  }

  /**
   * The task when it is final, or as it stands when the time is over or this process is about to
   * end. Whoever completes or cancels the answer himself waits no longer. It fails where the task
   * is deleted, or cannot be read when the time is over.
   */
  public CompletableFuture<TaskSnapshot> end(UUID task, Duration atMost) {
    Waiter waiter = new Waiter(task, atMost);
    // First, so that one that is answered at once is removed after it was added.
    add(waiter);
    var _ = waiter.answer().whenComplete((snapshot, thrown) -> remove(waiter));
    return waiter.answer();
  }

  /** Tells a watcher about its task from now on. */
  public void add(Watcher watcher) {
    boolean first = watchers.add(watcher);
    if (leaving) {
      watcher.goodbye();
    }
    if (first || leaving) {
      hints.add(watcher.task());
    }
  }

  /** Tells it nothing any more; nothing happens where it is not watching. */
  public void remove(Watcher watcher) {
    watchers.remove(watcher);
  }

  /** Looks at every watched task; false where the database did not answer. */
  boolean runOnce() {
    return watchers.isEmpty() || isAnswered(() -> looks.record(() -> look(watchers.tasks())));
  }

  /** Looks at the tasks that there is a hint about; false where the database did not answer. */
  boolean runHinted() {
    Set<UUID> hinted = new HashSet<>();
    hints.drainTo(hinted);
    hinted.removeIf(task -> !watchers.isWatched(task));
    return isAnswered(() -> look(hinted));
  }

  private void loop() {
    try {
      while (!stopped) {
        awaitHint();
        if (!(runHinted() && runWhereItIsTime())) {
          TimeUnit.NANOSECONDS.sleep(PAUSE_AFTER_FAULT.toNanos());
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Waits for a hint or for the next look at all, and while nobody watches for a hint alone. */
  private void awaitHint() throws InterruptedException {
    if (watchers.isEmpty()) {
      hints.add(hints.take());
      nextLook = System.nanoTime() + TICK.toNanos();
    } else {
      UUID hint = hints.poll(nextLook - System.nanoTime(), TimeUnit.NANOSECONDS);
      Optional.ofNullable(hint).ifPresent(hints::add);
    }
  }

  private boolean runWhereItIsTime() {
    long start = System.nanoTime();
    if (nextLook - start > 0) {
      return true;
    }
    boolean answered = runOnce();
    long took = System.nanoTime() - start;
    nextLook = start + Math.max(TICK.toNanos(), 2 * took);
    return answered;
  }

  private boolean isAnswered(Runnable look) {
    try {
      look.run();
      warned = false;
      return true;
    } catch (RuntimeException | Error e) {
      LOG.logf(
          warned ? Logger.Level.DEBUG : Logger.Level.WARN,
          "The watched tasks could not be looked at; trying again: %s",
          e.getMessage());
      LOG.debug("The fault", e);
      warned = true;
      watchers.all().forEach(watcher -> watcher.unanswered(e));
      return false;
    }
  }

  private void look(Collection<UUID> tasks) {
    for (List<UUID> some : portions(tasks, QUESTION)) {
      Map<UUID, Stamp> wanted = wanted(some, reader.stamps(some));
      for (List<UUID> few : portions(wanted.keySet(), WatchReader.TOGETHER)) {
        reader.tasks(
            few,
            read -> Optional.ofNullable(wanted.get(read.id())).ifPresent(it -> tell(it, read)));
      }
    }
  }

  /** The stamps of those tasks of which somebody wants to hear. */
  private Map<UUID, Stamp> wanted(List<UUID> asked, Map<UUID, Stamp> stamps) {
    Map<UUID, Stamp> wanted = new LinkedHashMap<>();
    for (UUID task : asked) {
      Stamp stamp = stamps.get(task);
      if (stamp == null) {
        watchers.of(task).forEach(Watcher::deleted);
      } else if (watchers.of(task).stream().anyMatch(watcher -> watcher.wants(stamp))) {
        wanted.put(task, stamp);
      }
    }
    return wanted;
  }

  private void tell(Stamp stamp, TaskSnapshot snapshot) {
    for (Watcher watcher : watchers.of(stamp.task())) {
      try {
        if (watcher.wants(stamp)) {
          watcher.tell(stamp, snapshot);
        }
      } catch (RuntimeException e) {
        LOG.errorf(e, "A watcher of task %s is told nothing any more", stamp.task());
        remove(watcher);
      }
    }
  }

  private static List<List<UUID>> portions(Collection<UUID> all, int most) {
    List<UUID> left = new ArrayList<>(all);
    List<List<UUID>> portions = new ArrayList<>();
    for (int from = 0; from < left.size(); from += most) {
      portions.add(left.subList(from, Math.min(left.size(), from + most)));
    }
    return portions;
  }
}
