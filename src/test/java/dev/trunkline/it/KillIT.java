package dev.trunkline.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trunkline.it.Clients.Order;
import dev.trunkline.it.history.History;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Workers are killed at random while ten thousand tasks come and run. */
class KillIT {

  private static final int TASKS = Fire.count(10_000, 100_000);
  private static final Duration BURN = Fire.duration(Duration.ofSeconds(20));

  @Test
  void everyAcceptedTaskSucceedsInOneAttemptWhicheverProcessDies() throws Exception {
    long seed = Fire.seed();
    try (History history = History.begin("kill", seed);
        Postgres database = new Postgres();
        Fleet fleet =
            new Fleet(
                database,
                history,
                Map.of("trunkline.lease.duration", "5s"),
                List.of("w0", "w1", "w2"))) {
      Clients clients = new Clients(fleet, history);
      Observer observer = new Observer(database, fleet, history);
      Thread watcher = observer.watch(clients.accepted(), seed);
      List<Thread> submitting =
          clients.submitAll(
              TASKS, BURN, seed, i -> Order.of("fire.record", "k" + i, i * 37L % 200, 0, 100));
      int kills = fleet.burn(BURN, 5, Duration.ofSeconds(3), new Random(seed));
      for (Thread client : submitting) {
        client.join();
      }
      fleet.awaitAll();
      watcher.interrupt();
      watcher.join();
      observer.awaitFinal(clients.accepted(), Duration.ofMinutes(2), seed);

      assertThat(history.violations()).isEmpty();
      assertThat(kills).isGreaterThanOrEqualTo(5);
      assertThat(clients.accepted()).hasSize(TASKS);
    }
  }
}
