package dev.trunkline.maintain;

import static java.util.Objects.requireNonNull;

import dev.trunkline.config.TrunklineConfig;
import dev.trunkline.database.Migration;
import dev.trunkline.maintain.Errands.Errand;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jboss.logging.Logger;

/**
 * Says what is done how often. Nothing here is done by one replica for the others: each does it
 * all, and finds nothing left to do where another was faster.
 *
 * <p>The Quarkus scheduler drives the poll and what can wait for seconds; it does not know
 * intervals below a second, and stops before the drain has ended, when heartbeats still matter. So
 * these turn on a timer of their own.
 */
@ApplicationScoped
class Maintenance {

  private static final Logger LOG = Logger.getLogger(Maintenance.class);

  private static final Duration PROGRESS = BusyPulse.INTERVAL;
  private static final Duration ERRANDS = Duration.ofSeconds(3);
  private static final Duration ANNOUNCEMENT = Duration.ofSeconds(1);
  private static final Duration CANCELLATIONS = Duration.ofMillis(500);
  private static final Duration WITHDRAWALS = BusyPulse.INTERVAL;
  private static final Duration ABANDONMENT = Duration.ofSeconds(1);
  private static final Duration LEASES = Duration.ofSeconds(5);
  private static final Duration NUMBERS = Duration.ofSeconds(15);
  private static final Duration THROUGHPUT = Duration.ofMinutes(1).dividedBy(Throughput.CALLS);
  private static final Duration STRAYS = Duration.ofSeconds(30);
  private static final Duration FAILED_CLAIMS = Duration.ofSeconds(10);
  private static final Duration RETENTION = Duration.ofMinutes(1);
  private static final Duration FORGETTING = Duration.ofHours(1);

  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("maintenance").factory());
  private final ExecutorService threads =
      Executors.newCachedThreadPool(Thread.ofPlatform().daemon().name("maintenance-", 1).factory());
  private final Migration migration;
  private final ReplicaChores replica;
  private final WorkerChores worker;
  private final Errands errands;
  private final Map<Errand, Chore> chores;
  private final Throughput throughput;
  private final TrunklineConfig config;
  private final BusyPulse busy;
  private Duration delay = Duration.ZERO;

  Maintenance(
      Migration migration,
      ReplicaChores replica,
      WorkerChores worker,
      Errands errands,
      ExpiredLeases leases,
      Throughput throughput,
      TrunklineConfig config) {
    this.migration = migration;
    this.replica = replica;
    this.worker = worker;
    this.errands = errands;
    this.chores =
        Map.of(
            Errand.EXPIRED_TASKS, new Chore("expiry", replica::expire),
            Errand.EXPIRED_LEASES, new Chore("expired leases", leases::runUntilDone),
            Errand.NEW_QUEUES, new Chore("queues", replica::takeUpQueues),
            Errand.LOST_WORKERS, new Chore("rescue", replica::rescue));
    this.throughput = throughput;
    this.config = config;
    this.busy = new BusyPulse(timer, worker::isBusy);
  }

  void atStart(@Observes StartupEvent event) {
    if (!migration.isAll()) {
      begin();
    }
  }

  private void begin() {
    Duration lease = config.lease().duration();
    every("errands", shorter(ERRANDS, lease.dividedBy(10)), this::lookForErrands);
    if (config.worker().enabled()) {
      every("heartbeat", lease.dividedBy(6), worker::heartbeat);
      every("watch", lease.dividedBy(30), worker::isOverdue, worker::watchHeartbeat);
      every("strays", STRAYS, worker::giveStraysBack);
      every("failed claims", FAILED_CLAIMS, worker::giveBackAfterFailedClaims);
      whileBusyEvery("cancellations", CANCELLATIONS, worker::interruptCancelled);
      whileBusyEvery("withdrawals", WITHDRAWALS, worker::takeBackWhatWaits);
      whileBusyEvery("abandonment", ABANDONMENT, worker::abandonTheDeaf);
      whileBusyEvery("progress", PROGRESS, worker::writeProgress);
      every("leases", LEASES, worker::discardLeases);
      worker.whenBusy(busy::start);
    }
    every("announcement", ANNOUNCEMENT, replica::mayAnnounceTypes, replica::announceTypes);
    every("numbers", NUMBERS, replica::count);
    every("throughput", THROUGHPUT, throughput::runOnce);
    every("forgetting", FORGETTING, replica::forgetDead);
    every("retention", RETENTION, replica::prune);
  }

  @PreDestroy
  void close() {
    timer.shutdownNow();
    threads.shutdownNow();
  }

  /**
   * Each a pulse after the one before it, so that those of one interval do not want a connection at
   * once, and the pool stays small.
   */
  private void every(String what, Duration interval, Runnable task) {
    Chore chore = new Chore(what, task);
    var _ =
        timer.scheduleAtFixedRate(
            chore::begin, interval.plus(delay).toNanos(), interval.toNanos(), TimeUnit.NANOSECONDS);
    delay = delay.plus(BusyPulse.INTERVAL);
  }

  /**
   * From the start, and only where there may be something to do: a thread is not woken to find that
   * out. What tells so looks at nothing but memory, since the timer is everybody's.
   */
  private void every(String what, Duration interval, BooleanSupplier needed, Runnable task) {
    Chore chore = new Chore(what, task);
    var _ =
        timer.scheduleAtFixedRate(
            () -> chore.beginIf(needed), 0, interval.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** While attempts run here: an idle process is not woken for it. Multiples of the pulse. */
  private void whileBusyEvery(String what, Duration interval, Runnable task) {
    Chore chore = new Chore(what, task);
    long pulses = interval.dividedBy(BusyPulse.INTERVAL);
    busy.with(
        pulse -> {
          if (pulse % pulses == 0) {
            chore.begin();
          }
        });
  }

  /** Where the look fails, for a reason of one of them perhaps, each looks for itself. */
  private void lookForErrands() {
    try {
      errands.look().forEach(found -> requireNonNull(chores.get(found)).begin());
    } catch (RuntimeException e) {
      chores.values().forEach(Chore::begin);
      throw e;
    }
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  /**
   * Each on a thread of its own, so that one that waits for the database does not hold up another;
   * and not on virtual ones, which handlers that only compute can keep from running.
   */
  private final class Chore {

    private final String what;
    private final Runnable task;
    private final Semaphore idle = new Semaphore(1);

    Chore(String what, Runnable task) {
      this.what = what;
      this.task = task;
    }

    void beginIf(BooleanSupplier needed) {
      if (needed.getAsBoolean()) {
        begin();
      }
    }

    /** Nothing, where the last turn is still under way. */
    void begin() {
      if (idle.tryAcquire()) {
        try {
          threads.execute(this::run);
        } catch (RuntimeException | OutOfMemoryError e) {
          idle.release();
          LOG.warnf("No thread for the %s; again with its next turn: %s", what, e.getMessage());
        }
      }
    }

    private void run() {
      try {
        if (migration.isDone()) {
          task.run();
        }
      } catch (RuntimeException e) {
        LOG.warnf("The %s could not be done; again with its next turn: %s", what, e.getMessage());
        LOG.debug("The fault", e);
      } finally {
        idle.release();
      }
    }
  }
}
