package dev.trunkline.claim;

import dev.trunkline.config.TrunklineConfig;
import dev.trunkline.execute.ClaimedTask;
import dev.trunkline.execute.SlotFree;
import dev.trunkline.execute.Slots;
import dev.trunkline.execute.WorkerIdentity;
import dev.trunkline.task.TasksReady;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.event.Event;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Claims tasks in the very statement that stores them: where this process has slots for them, and
 * the dispatcher has left nothing of their queues waiting that they would overtake. Such a task
 * never waits, and costs no claim. Thread-safe.
 */
@Singleton
public class DirectClaims {

  private static final Logger LOG = Logger.getLogger(DirectClaims.class);

  /** After one that got nothing of a queue: it is paused, or somebody is about to pause one. */
  private static final Duration UNTIL_NEXT_TRY = Duration.ofSeconds(1);

  private static final int MOST_REMEMBERED = 100;

  private final TrunklineConfig.Worker config;
  private final Slots slots;
  private final Claimer claimer;
  private final Starter starter;
  private final Event<SlotFree> slotFree;
  private final Event<TasksReady> ready;
  private final Counter claimed;

  /** When a claim got nothing of a queue. */
  private final Map<String, Long> vainNanos = new ConcurrentHashMap<>();

  /** One for each direct claim that is under way. */
  private final Semaphore permits = new Semaphore(Integer.MAX_VALUE);

  private long closings;
  private boolean open;
  private Set<String> limited = Set.of();
  private volatile boolean stopped;

  DirectClaims(
      TrunklineConfig config,
      Slots slots,
      Claimer claimer,
      Starter starter,
      Event<SlotFree> slotFree,
      Event<TasksReady> ready,
      MeterRegistry meters) {
    this.config = config.worker();
    this.slots = slots;
    this.claimer = claimer;
    this.starter = starter;
    this.slotFree = slotFree;
    this.ready = ready;
    this.claimed =
        Counter.builder("trunkline.claims.direct")
            .description("Tasks claimed by their submission")
            .register(meters);
  }

  /**
   * There are none from here on: the dispatcher counts free slots, or there is something for it to
   * look for.
   *
   * @return for {@link #open}
   */
  public synchronized long close() {
    open = false;
    return ++closings;
  }

  /**
   * The dispatcher has taken what was due, but for these queues.
   *
   * @param closing of its turn; nothing happens where there was another one since
   * @param limitedQueues those that may hold more than it had slots for
   */
  synchronized void open(long closing, Set<String> limitedQueues) {
    open = config.enabled() && closing == closings;
    limited = limitedQueues;
  }

  /** From here on there is none; waits for those under way, whose attempts are running then. */
  void stop(Duration patience) throws InterruptedException {
    stopped = true;
    if (!permits.tryAcquire(Integer.MAX_VALUE, patience.toNanos(), TimeUnit.NANOSECONDS)) {
      LOG.warn("A submission is still under way; what it claims is rescued when the lease ends.");
    }
  }

  /**
   * Takes slots for tasks that are about to be stored, the first priority first.
   *
   * @param candidates tasks that are due at once, and have a handler here
   * @return what may be claimed; empty where that is none of them. It is to be ended, by {@link
   *     DirectClaim#start} or {@link DirectClaim#failed}
   */
  public Optional<DirectClaim> begin(List<Candidate> candidates) {
    if (!isOpen() || starter.isBehind()) {
      return Optional.empty();
    }
    Optional<WorkerIdentity> worker = starter.current();
    if (worker.isEmpty() || !permits.tryAcquire()) {
      return Optional.empty();
    }
    List<Candidate> reserved = stopped ? List.of() : reserve(candidates);
    if (reserved.isEmpty()) {
      permits.release();
      return Optional.empty();
    }
    return Optional.of(new DirectClaim(this, worker.get(), reserved));
  }

  private synchronized List<Candidate> reserve(List<Candidate> candidates) {
    return candidates.stream()
        .sorted(Comparator.comparingInt(Candidate::priority))
        .filter(it -> open && isWorthIt(it.queue()) && slots.reserve(it.queue()))
        .toList();
  }

  private boolean isWorthIt(String queue) {
    Long vain = vainNanos.get(queue);
    return !limited.contains(queue)
        && (vain == null || System.nanoTime() - vain >= UNTIL_NEXT_TRY.toNanos())
        && config.queues().map(served -> served.contains(queue)).orElse(true);
  }

  /** Starts what was claimed. What cannot be is given back. */
  void start(List<ClaimedTask> tasks, WorkerIdentity worker) {
    claimed.increment(tasks.size());
    try {
      starter.start(tasks, worker);
    } catch (RuntimeException | Error e) {
      // The tasks are stored, and whoever has submitted them is to be told so.
      LOG.error("What was claimed with its submission could not be started.", e);
      tasks.stream().findFirst().ifPresent(task -> claimer.failed(task.lease()));
    }
  }

  /** Whether anything was claimed under this lease, nobody knows; the dispatcher finds out more. */
  void failed(UUID lease) {
    claimer.failed(lease);
    close();
    ready.fire(new TasksReady(false));
  }

  /** What was claimed has slots of its own by now. */
  void ended(Collection<Candidate> reserved, Collection<String> vain) {
    reserved.forEach(candidate -> slots.giveBack(candidate.queue()));
    permits.release();
    vain.forEach(this::remember);
    if (!isOpen()) {
      // The dispatcher may have counted when these were taken.
      slotFree.fire(new SlotFree());
    }
  }

  private synchronized boolean isOpen() {
    return open;
  }

  private void remember(String vain) {
    if (vainNanos.size() >= MOST_REMEMBERED) {
      vainNanos.clear();
    }
    vainNanos.put(vain, System.nanoTime());
  }

  /**
   * A task that may be claimed.
   *
   * @param place in the list of those that are stored together, from 0
   */
  public record Candidate(int place, String queue, int priority) {}
}
