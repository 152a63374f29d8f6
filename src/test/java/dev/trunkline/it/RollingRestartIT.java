package dev.trunkline.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trunkline.it.Clients.Order;
import dev.trunkline.it.history.Event;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A deployment: one process after the other is told to go, and its successor comes. */
class RollingRestartIT {

  private static final int TASKS = Fire.count(10_000, 100_000);
  private static final Duration BURN = Fire.duration(Duration.ofSeconds(20));
  private static final int ROUNDS = Fire.count(1, 10);
  private static final int LONG_ONES = 6;

  @Test
  void aGoodbyeCostsNoAttemptAndNoSubmission() throws Exception {
    try (Scenario fire =
        new Scenario(
            "rolling", Map.of("trunkline.worker.shutdown-grace", "5s"), "w0", "w1", "w2")) {
      for (int i = 0; i < LONG_ONES; i++) {
        fire.clients.submit(Order.of("fire.record", "long" + i, 15_000, 0, 1), new Random(i));
      }
      Set<String> outliveTheGrace = new HashSet<>(fire.clients.accepted());
      List<Thread> submitting =
          fire.clients.submitAll(
              TASKS, BURN, fire.seed, i -> Order.of("fire.record", "k" + i, i * 37L % 200, 0, 1));
      for (int round = 0; round < ROUNDS; round++) {
        for (String name : fire.fleet.names()) {
          fire.fleet.terminate(name);
          fire.fleet.restart(name);
          fire.fleet.awaitAll();
        }
      }
      for (Thread client : submitting) {
        client.join();
      }

      List<Event.Observed> ends = Scenario.ends(fire.judge(Duration.ofMinutes(2)));
      assertThat(ends)
          .filteredOn(task -> !outliveTheGrace.contains(task.task()))
          .allSatisfy(task -> assertThat(task.attempts()).hasSize(1));
      assertThat(ends).extracting(Event.Observed::state).containsOnly("succeeded");
      assertThat(ends)
          .filteredOn(task -> outliveTheGrace.contains(task.task()))
          .flatExtracting(Event.Observed::attempts)
          .extracting(Event.Attempt::outcome)
          .contains("released")
          .containsOnly("released", "succeeded");
      assertThat(fire.clients.statuses()).isSubsetOf(202, 503);
      assertThat(fire.clients.accepted()).hasSize(TASKS + LONG_ONES);
    }
  }
}
