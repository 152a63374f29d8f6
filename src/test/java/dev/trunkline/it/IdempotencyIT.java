package dev.trunkline.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trunkline.it.Clients.Order;
import dev.trunkline.it.history.Event;
import dev.trunkline.it.history.Event.Submitted;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/**
 * A hundred clients submit the same at once, again and again until answered, while a process dies.
 */
class IdempotencyIT {

  private static final int KILLS = Fire.count(5, 100);
  private static final int KEYS = 4;
  private static final int CLIENTS = 100;
  private static final Map<String, String> SHORT_LEASE = Map.of("trunkline.lease.duration", "5s");

  @Test
  void aKeyIsOneTaskAndEveryAnswerNamesIt() throws Exception {
    try (Scenario fire = new Scenario("idempotency", SHORT_LEASE, "w0", "w1", "w2")) {
      for (int kill = 0; kill < KILLS; kill++) {
        Awaitility.await()
            .atMost(Duration.ofSeconds(90))
            .until(() -> fire.fleet.open().size() >= 2);
        List<Thread> submitting = submitTogether(fire, kill);
        Pause.of(Duration.ofMillis(1 + fire.random.nextInt(200)));
        List<String> open = fire.fleet.open();
        String victim = open.get(fire.random.nextInt(open.size()));
        fire.fleet.kill(victim);
        fire.fleet.restart(victim);
        for (Thread client : submitting) {
          client.join();
        }
      }

      List<Event> events = fire.judge(Duration.ofMinutes(1));
      assertThat(events)
          .as("every client was answered")
          .filteredOn(Submitted.class::isInstance)
          .hasSize(KILLS * KEYS * CLIENTS);
      assertThat(fire.database.count("select count(*) from trunkline.task"))
          .isEqualTo(KILLS * KEYS);
    }
  }

  private static List<Thread> submitTogether(Scenario fire, int kill) {
    List<Thread> submitting = new ArrayList<>();
    for (int i = 0; i < KEYS * CLIENTS; i++) {
      Order order = Order.of("fire.record", "kill" + kill + "-" + i % KEYS, 1, 0, 100);
      Random random = new Random(fire.random.nextLong());
      submitting.add(
          Thread.ofVirtual().name("client-" + i).start(() -> fire.clients.submit(order, random)));
    }
    return submitting;
  }
}
