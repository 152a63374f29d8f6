package dev.trunkline.claim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trunkline.database.Tasks;
import dev.trunkline.database.TestDatabase;
import java.sql.Timestamp;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Pauses while many claim as fast as they can, in the service and over HTTP. */
class PauseRaceSqlTest {

  private static final TestDatabase DATABASE = TestDatabase.fresh();
  private static final int ROUNDS = 12;
  private static final int CLAIMERS = 3;

  private final AtomicLong claimed = new AtomicLong();
  private volatile boolean over;

  @Test
  void after_a_pause_has_returned_no_attempt_of_the_queue_starts() throws Exception {
    Tasks.in(DATABASE).queue("reins").many(60_000);
    Tasks.in(DATABASE).queue("open").many(60_000);
    List<Future<?>> claimers = new ArrayList<>();
    ExecutorService threads = Executors.newFixedThreadPool(2 * CLAIMERS);
    try {
      for (int i = 0; i < CLAIMERS; i++) {
        Claims claims = Claims.by(Tasks.worker(DATABASE, "w" + i)).freeElsewhere(3);
        claimers.add(threads.submit(() -> claimOn(() -> claims.idsOn(DATABASE))));
        RemoteClaims leases = RemoteClaims.ofType("test").atMost(5);
        claimers.add(threads.submit(() -> claimOn(() -> leases.idsOn(DATABASE))));
      }
      for (int round = 0; round < ROUNDS; round++) {
        pauseAndLook();
      }
    } finally {
      over = true;
      threads.shutdown();
    }
    for (Future<?> claimer : claimers) {
      claimer.get();
    }
  }

  private void pauseAndLook() {
    awaitClaims();
    assertThat(started("reins")).isPositive();
    act(pauser -> pauser.pause("reins"));
    Timestamp returned = DATABASE.value(Timestamp.class, "select clock_timestamp()");
    long before = started("reins");

    awaitClaims();

    assertThat(started("reins")).isEqualTo(before);
    assertThat(lastStart("reins")).isBefore(returned);
    assertThat(lastStart("open")).isAfter(returned);
    act(pauser -> pauser.resume("reins"));
  }

  /** Several of each claimer, so that everyone has begun anew. */
  private void awaitClaims() {
    long until = claimed.get() + 8 * CLAIMERS;
    Awaitility.await().pollInterval(Duration.ofMillis(5)).until(() -> claimed.get() >= until);
  }

  private void claimOn(Runnable claim) {
    while (!over) {
      claim.run();
      claimed.incrementAndGet();
    }
  }

  private static long started(String queue) {
    return DATABASE.count("select 60000 - count(*) from trunkline.ready where queue = ?", queue);
  }

  private static Timestamp lastStart(String queue) {
    return DATABASE.value(
        Timestamp.class,
        """
        select max(s.started_at)
        from (
          select l.started_at, unnest(l.task_ids) as task_id from trunkline.lease l
          union all
          select started_at, task_id from trunkline.remote_lease) s
        join trunkline.task t on t.id = s.task_id
        where t.queue = ?
        """,
        queue);
  }

  private static void act(Act act) {
    DATABASE.inTransaction(
        source -> {
          act.on(new Pauser(source));
          return true;
        });
  }

  /** Something done to queues. */
  @FunctionalInterface
  private interface Act {
    void on(Pauser pauser);
  }
}
