package dev.trunkline.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trunkline.it.Clients.Order;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** PostgreSQL crashes ten times under load. */
class CrashIT {

  private static final int CRASHES = Fire.count(10, 100);
  private static final int TASKS = 200 * CRASHES;
  private static final Map<String, String> SHORT_LEASE = Map.of("trunkline.lease.duration", "5s");

  @Test
  void whatWasAcceptedIsThereAfterEveryCrash() throws Exception {
    try (Scenario fire = new Scenario("crash", SHORT_LEASE, "w0", "w1")) {
      List<Thread> submitting =
          fire.clients.submitAll(
              TASKS,
              Duration.ofSeconds(4).multipliedBy(CRASHES),
              fire.seed,
              i -> Order.of("fire.record", "k" + i, i * 37L % 300, 0, 1_000));
      for (int crash = 0; crash < CRASHES; crash++) {
        awaitSubmissions(fire, crash);
        fire.history.fault("postgres", "stopped hard");
        fire.database.stopHard();
        fire.database.startAgain();
        Set<String> promised = new HashSet<>(fire.clients.accepted());
        assertThat(new HashSet<>(fire.database.query("select id from trunkline.task")))
            .as("after crash %d, seed %d", crash, fire.seed)
            .containsAll(promised);
      }
      for (Thread client : submitting) {
        client.join();
      }

      fire.judge(Duration.ofMinutes(2));
      assertThat(fire.clients.accepted()).hasSize(TASKS);
      assertThat(fire.database.query("select distinct state from trunkline.task"))
          .containsExactly("succeeded");
    }
  }

  /** So that there is something to lose; then a moment later, at random. */
  private static void awaitSubmissions(Scenario fire, int crash) {
    int before = fire.clients.accepted().size();
    Awaitility.await("submissions are taken before crash " + crash)
        .atMost(Duration.ofSeconds(60))
        .until(() -> fire.clients.accepted().size() >= Math.min(before + 50, TASKS));
    Pause.of(Duration.ofMillis(1 + fire.random.nextInt(500)));
  }
}
