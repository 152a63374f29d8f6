package dev.trunkline.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trunkline.it.Clients.Order;
import dev.trunkline.it.handlers.InsertHandler;
import dev.trunkline.it.history.Event;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Workers are killed at random while they run handlers that write to the database. */
class EffectOnceIT {

  private static final int KILLS = Fire.count(20, 500);
  private static final int TASKS = 150 * KILLS;
  private static final Duration BETWEEN_KILLS = Duration.ofSeconds(2);
  private static final int CUTS = Fire.count(500, 5_000);
  private static final int CUT_TASKS = 6 * CUTS;

  /** Ends the session of one transaction that has written an effect, at random. */
  private static final String CUT_ONE =
      """
      select pid
      from (
        select a.pid
        from pg_stat_activity a
        where a.pid <> pg_backend_pid() and exists (
          select from pg_locks l
          where l.pid = a.pid and l.relation = 'effect'::regclass
            and l.mode = 'RowExclusiveLock')
        order by random()
        limit 1) as one
      where pg_terminate_backend(pid)
      """;

  private static final Map<String, String> SHORT_LEASE = Map.of("trunkline.lease.duration", "5s");

  @Test
  void aTransactionalHandlerWritesOnceForEachTaskThatSucceeds() throws Exception {
    try (Scenario fire = new Scenario("effect-once", SHORT_LEASE, "w0", "w1", "w2")) {
      fire.database.execute(InsertHandler.TABLE);
      Duration burn = BETWEEN_KILLS.multipliedBy(KILLS);
      List<Thread> submitting =
          fire.clients.submitAll(
              TASKS,
              burn,
              fire.seed,
              i -> Order.of("fire.insert", "k" + i, i * 37L % 300, 0, 1_000));
      fire.fleet.burn(Duration.ZERO, KILLS, BETWEEN_KILLS, fire.random);
      for (Thread client : submitting) {
        client.join();
      }

      List<Event> events = fire.judge(Duration.ofMinutes(2));
      assertThat(Scenario.ends(events)).extracting(Event.Observed::state).containsOnly("succeeded");
      assertThat(fire.clients.accepted()).hasSize(TASKS);
      assertThatEachWroteOnce(fire.database, TASKS);
    }
  }

  @Test
  void noneIsWrittenTwiceWhenTransactionsAreCutAtAnyMoment() throws Exception {
    try (Scenario fire = new Scenario("effect-cut", SHORT_LEASE, "w0")) {
      fire.database.execute(InsertHandler.TABLE);
      List<Thread> submitting =
          fire.clients.submitAll(
              CUT_TASKS,
              Duration.ofSeconds(30),
              fire.seed,
              i -> Order.of("fire.insert", "k" + i, i * 7L % 50, 0, 1_000));
      // Between the insert and the end of the commit, wherever it is; until there is none left.
      int cuts = 0;
      while (cuts < CUTS && (fire.clients.accepted().size() < CUT_TASKS || isOpen(fire))) {
        cuts += fire.database.query(CUT_ONE).size();
        LockSupport.parkNanos(fire.random.nextInt(10_000_000));
      }
      for (Thread client : submitting) {
        client.join();
      }

      Awaitility.await("everything is done")
          .atMost(Duration.ofMinutes(3))
          .until(() -> !isOpen(fire));
      System.out.printf("effect-cut: %d transactions cut%n", cuts);
      assertThat(cuts).as("or nothing was shown").isGreaterThan(CUTS / 5);
      assertThatEachWroteOnce(fire.database, CUT_TASKS);
    }
  }

  private static boolean isOpen(Scenario fire) {
    return fire.database.count("select count(*) from trunkline.task where state = 'open'") > 0;
  }

  private static void assertThatEachWroteOnce(Postgres database, int tasks) {
    assertThat(database.query("select distinct state from trunkline.task"))
        .containsExactly("succeeded");
    assertThat(database.count("select count(*) from trunkline.attempt"))
        .as("attempts that were cut off, or nothing was shown")
        .isPositive();
    assertThat(database.count("select count(*) from effect")).isEqualTo(tasks);
    assertThat(
            database.query(
                """
                select t.id from trunkline.task t
                where (select array_agg(e.attempt) from effect e where e.task_id = t.id)
                  is distinct from array[t.attempt]
                """))
        .as("tasks whose rows are not exactly the one of their successful attempt")
        .isEmpty();
  }
}
