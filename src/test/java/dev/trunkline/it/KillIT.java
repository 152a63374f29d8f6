package dev.trunkline.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trunkline.it.Clients.Order;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Workers are killed at random while ten thousand tasks come and run. */
class KillIT {

  private static final int TASKS = Fire.count(10_000, 100_000);
  private static final Duration BURN = Fire.duration(Duration.ofSeconds(20));
  private static final Map<String, String> SHORT_LEASE = Map.of("trunkline.lease.duration", "5s");

  @Test
  void everyAcceptedTaskSucceedsInOneAttemptWhicheverProcessDies() throws Exception {
    try (Scenario fire = new Scenario("kill", SHORT_LEASE, "w0", "w1", "w2")) {
      List<Thread> submitting =
          fire.clients.submitAll(
              TASKS, BURN, fire.seed, i -> Order.of("fire.record", "k" + i, i * 37L % 200, 0, 100));
      int kills = fire.fleet.burn(BURN, 5, Duration.ofSeconds(3), fire.random);
      for (Thread client : submitting) {
        client.join();
      }

      fire.judge(Duration.ofMinutes(2));
      assertThat(kills).isGreaterThanOrEqualTo(5);
      assertThat(fire.clients.accepted()).hasSize(TASKS);
      assertThat(fire.database.query("select distinct state from trunkline.task"))
          .containsExactly("succeeded");
    }
  }
}
