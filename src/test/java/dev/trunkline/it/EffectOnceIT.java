package dev.trunkline.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trunkline.it.Clients.Order;
import dev.trunkline.it.handlers.InsertHandler;
import dev.trunkline.it.history.Event;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Workers are killed at random while they run handlers that write to the database. */
class EffectOnceIT {

  private static final int KILLS = Fire.count(20, 500);
  private static final int TASKS = 150 * KILLS;
  private static final Duration BETWEEN_KILLS = Duration.ofSeconds(2);
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
      assertThat(fire.database.count("select count(*) from trunkline.attempt"))
          .as("attempts that were cut off, or nothing was shown")
          .isPositive();
      assertThat(fire.database.count("select count(*) from effect")).isEqualTo(TASKS);
      assertThat(
              fire.database.query(
                  """
                  select t.id from trunkline.task t
                  where (select array_agg(e.attempt) from effect e where e.task_id = t.id)
                    is distinct from array[t.attempt]
                  """))
          .as("tasks whose rows are not exactly the one of their successful attempt")
          .isEmpty();
    }
  }
}
