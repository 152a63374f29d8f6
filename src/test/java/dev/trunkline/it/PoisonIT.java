package dev.trunkline.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trunkline.it.Clients.Order;
import dev.trunkline.it.handlers.HaltHandler;
import dev.trunkline.it.history.Event.Attempt;
import dev.trunkline.it.history.Event.Observed;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** A task that ends every process which runs it. */
class PoisonIT {

  private static final int INNOCENT = 500;
  private static final Map<String, String> SHORT_LEASE = Map.of("trunkline.lease.duration", "5s");

  @Test
  void poisonCostsAsManyProcessesAsItHasAttemptsAndNobodyElseATask() throws Exception {
    try (Scenario fire = new Scenario("poison", SHORT_LEASE, "w0", "w1", "w2")) {
      List<Thread> submitting =
          fire.clients.submitAll(
              INNOCENT,
              Duration.ofSeconds(10),
              fire.seed,
              i -> Order.of("fire.record", "k" + i, i * 37L % 500, 0, 100));
      fire.clients.submit(Order.of("fire.halt", "poison", 0, 0, 3), fire.random);
      for (int victim = 1; victim <= 3; victim++) {
        String name = awaitVictim(fire);
        assertThat(fire.fleet.member(name).process().exitValue()).isEqualTo(HaltHandler.STATUS);
        fire.history.fault(name, "poisoned, number " + victim);
        fire.fleet.restart(name);
      }
      for (Thread client : submitting) {
        client.join();
      }

      List<Observed> ends = Scenario.ends(fire.judge(Duration.ofMinutes(1)));
      assertThat(fire.fleet.dead()).isEmpty();
      assertThat(ends)
          .filteredOn(task -> !task.state().equals("succeeded"))
          .extracting(Observed::task)
          .containsOnly(
              fire.database
                  .query("select id from trunkline.task where type = 'fire.halt'")
                  .getFirst());
      assertThat(
              fire.database.query(
                  "select error->>'type' from trunkline.task where state = 'failed'"))
          .containsExactly("worker-lost");
      assertThat(ends)
          .filteredOn(task -> task.state().equals("failed"))
          .allSatisfy(
              task ->
                  assertThat(task.attempts())
                      .extracting(Attempt::outcome)
                      .containsExactly("worker-lost", "worker-lost", "worker-lost"));
    }
  }

  private static String awaitVictim(Scenario fire) {
    return Awaitility.await("another process takes the poison")
        .atMost(Duration.ofSeconds(90))
        .until(fire.fleet::dead, dead -> !dead.isEmpty())
        .getFirst();
  }
}
