package dev.trunkline.claim;

import dev.trunkline.config.TrunklineConfig;
import dev.trunkline.execute.ClaimedTask;
import dev.trunkline.execute.SlotFree;
import dev.trunkline.execute.Slots;
import dev.trunkline.execute.WorkerIdentity;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.event.Event;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Claims tasks in the very statement that stores them: where this process has slots for them, and
 * the dispatcher has left nothing waiting that they would overtake. Such a task never waits, and
 * costs no claim. Thread-safe.
 */
@Singleton
public class DirectClaims {

  private static final Logger LOG = Logger.getLogger(DirectClaims.class);

  /** After one that got nothing: the queue is paused, or new, or somebody else is at it. */
  private static final Duration UNTIL_NEXT_TRY = Duration.ofSeconds(1);

  private static final int MOST_REMEMBERED = 100;

  private final TrunklineConfig.Worker config;
  private final Slots slots;
  private final WorkerRegistration registration;
  private final Claimer claimer;
  private final Starter starter;
  private final Event<SlotFree> slotFree;
  private final Counter claimed;
  private final Map<String, Long> vainNanos = new ConcurrentHashMap<>();

  /** One for each that is under way. */
  private final Semaphore permits = new Semaphore(Integer.MAX_VALUE);

  private long closings;
  private boolean open;
  private volatile boolean stopped;

  DirectClaims(
      TrunklineConfig config,
      Slots slots,
      WorkerRegistration registration,
      Claimer claimer,
      Starter starter,
      Event<SlotFree> slotFree,
      MeterRegistry meters) {
    this.config = config.worker();
    this.slots = slots;
    this.registration = registration;
    this.claimer = claimer;
    this.starter = starter;
    this.slotFree = slotFree;
    this.claimed =
        Counter.builder("trunkline.claims.direct")
            .description("Tasks claimed by their submission")
            .register(meters);
  }

  /**
   * There are none while the dispatcher counts free slots, or has something to look for.
   *
   * @return for {@link #open}
   */
  synchronized long close() {
    open = false;
    return ++closings;
  }

  /**
   * The dispatcher has taken all that was due.
   *
   * @param closing of its turn; nothing happens where there was another one since
   */
  synchronized void open(long closing) {
    open = config.enabled() && closing == closings;
  }

  /** From here on there is none; waits for those under way, whose attempts are running then. */
  void stop(Duration patience) throws InterruptedException {
    stopped = true;
    if (!permits.tryAcquire(Integer.MAX_VALUE, patience.toNanos(), TimeUnit.NANOSECONDS)) {
      LOG.warn("A submission is still under way; what it claims is rescued when the lease ends.");
    }
  }

  /**
   * Takes slots for tasks that are about to be stored.
   *
   * @param queues of each task, where it may start at once and a handler for it is here
   * @return what may be claimed; empty where that is none of them. It is to be ended, by {@link
   *     DirectClaim#start} or {@link DirectClaim#failed}
   */
  public Optional<DirectClaim> begin(List<Optional<String>> queues) {
    if (!isOpen() || starter.isBehind()) {
      return Optional.empty();
    }
    Optional<WorkerIdentity> worker = registration.current();
    if (worker.isEmpty() || !permits.tryAcquire()) {
      return Optional.empty();
    }
    SortedMap<Integer, String> reserved = stopped ? new TreeMap<>() : reserve(queues);
    if (reserved.isEmpty()) {
      permits.release();
      return Optional.empty();
    }
    return Optional.of(new DirectClaim(this, worker.get(), reserved));
  }

  private synchronized SortedMap<Integer, String> reserve(List<Optional<String>> queues) {
    SortedMap<Integer, String> reserved = new TreeMap<>();
    for (int place = 0; open && place < queues.size(); place++) {
      Optional<String> queue = queues.get(place).filter(this::isWorthIt);
      if (queue.isPresent() && slots.reserve(queue.get())) {
        reserved.put(place, queue.get());
      }
    }
    return reserved;
  }

  private boolean isWorthIt(String queue) {
    Long vain = vainNanos.get(queue);
    return (vain == null || System.nanoTime() - vain >= UNTIL_NEXT_TRY.toNanos())
        && config.queues().map(served -> served.contains(queue)).orElse(true);
  }

  /** Starts what was claimed. */
  void start(List<ClaimedTask> tasks, WorkerIdentity worker) {
    claimed.increment(tasks.size());
    starter.start(tasks, worker);
  }

  /** Nobody knows here whether anything was claimed under this lease. */
  void failed(UUID lease) {
    claimer.failed(lease);
  }

  /** What was claimed has slots of its own by now. */
  void ended(Collection<String> reserved, Collection<String> vain) {
    reserved.forEach(slots::giveBack);
    permits.release();
    vain.forEach(this::remember);
    if (!isOpen()) {
      // It may have counted when these were taken.
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
}
