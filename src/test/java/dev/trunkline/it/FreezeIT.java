package dev.trunkline.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trunkline.it.Clients.Order;
import dev.trunkline.it.history.Event;
import dev.trunkline.it.history.Event.Finished;
import dev.trunkline.it.history.Event.Started;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** A worker that freezes for longer than its lease wakes up, and has nothing to say any more. */
class FreezeIT {

  private static final int OF_EACH_KIND = 20;
  private static final int TASKS = 2 * OF_EACH_KIND;
  private static final Map<String, String> SHORT_LEASE = Map.of("trunkline.lease.duration", "5s");

  /** Reports its progress five times a second, for twelve seconds. */
  private static final Order TALKATIVE =
      new Order(
          "talkative",
          "echo",
          "{\"type\":\"echo\",\"maxAttempts\":5,\"payload\":{\"text\":\"x\",\"time\":60}}");

  @Test
  void aFrozenWorkerChangesNothingAndWorksOnAsAnother() throws Exception {
    try (Scenario fire = new Scenario("freeze", SHORT_LEASE, "frozen")) {
      for (int i = 0; i < OF_EACH_KIND; i++) {
        // These ignore that they are stopped, and say that they have succeeded in the end.
        fire.clients.submit(Order.of("fire.deaf", "deaf" + i, 10_000, 0, 5), fire.random);
        fire.clients.submit(Order.of("fire.record", "record" + i, 10_000, 0, 5), fire.random);
      }
      await(fire, TASKS, started -> started.who().equals("frozen"));
      freezeUntilAnotherHasTakenOver(fire);

      Service frozen = fire.fleet.member("frozen");
      Awaitility.await("every late end is refused and counted")
          .atMost(Duration.ofSeconds(30))
          .until(() -> leasesLost(frozen) == TASKS);
      List<Event> events = fire.judge(Duration.ofMinutes(1));
      assertThat(events)
          .as("those that ignored the interrupt did come to their end")
          .filteredOn(e -> e instanceof Finished end && end.who().equals("frozen"))
          .hasSizeGreaterThanOrEqualTo(OF_EACH_KIND);
      assertThat(fire.database.query("select distinct worker from trunkline.task"))
          .containsExactly("awake");
      assertThat(fire.database.query("select distinct progress->>'message' from trunkline.task"))
          .containsExactly("awake at attempt 2");
      assertThatItWorksOnUnderANewId(fire);
    }
  }

  @Test
  void aWorkerThatDoesNotKnowYetThatItWasDeclaredDeadIsRefusedByTheDatabase() throws Exception {
    // Heartbeats come every ten seconds then, and looks for the dead every three.
    try (Scenario fire =
        new Scenario("unaware", Map.of("trunkline.lease.duration", "60s"), "unaware")) {
      String heartbeat = "select heartbeat_at from trunkline.worker where name = 'unaware'";
      fire.clients.submit(Order.of("fire.record", "first", 1, 0, 5), fire.random);
      fire.judge(Duration.ofSeconds(30));
      // Frozen while the tasks come, so that only the other one can take them.
      fire.fleet.join("heir");
      fire.history.fault("heir", "frozen");
      fire.fleet.member("heir").freeze();
      List<String> before = fire.database.query(heartbeat);
      Awaitility.await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> !fire.database.query(heartbeat).equals(before));
      for (int i = 0; i < TASKS; i++) {
        Order order = Order.of("fire.record", "k" + i, 2_000 + i * 200, 0, 5);
        fire.clients.submitTo(fire.fleet.member("unaware"), order);
      }
      fire.clients.submitTo(fire.fleet.member("unaware"), TALKATIVE);
      fire.history.fault("unaware", "declared dead");
      fire.database.execute(
          "update trunkline.worker set dead_at = clock_timestamp() where name = 'unaware'");
      fire.history.fault("heir", "thawed");
      fire.fleet.member("heir").thaw();

      List<Event> events = fire.judge(Duration.ofMinutes(1));
      List<String> takenOver =
          fire.database.query("select id from trunkline.task where attempt = 2");
      assertThat(events)
          .as("attempts that came to their end and were refused, or nothing was shown")
          .filteredOn(
              e ->
                  e instanceof Finished end && end.attempt() == 1 && takenOver.contains(end.task()))
          .isNotEmpty();
      Service unaware = fire.fleet.member("unaware");
      assertThat(leasesLost(unaware)).isEqualTo(takenOver.size());
      assertThat(refused(unaware, "finish")).isPositive();
      assertThat(refused(unaware, "progress")).isPositive();
      Awaitility.await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> refused(unaware, "heartbeat") == 1);
      assertThat(
              fire.database.query(
                  "select distinct result from trunkline.task"
                      + " where attempt = 2 and type = 'fire.record'"))
          .containsExactly("\"heir\"");
    }
  }

  private static void freezeUntilAnotherHasTakenOver(Scenario fire) throws InterruptedException {
    fire.history.fault("frozen", "frozen");
    fire.fleet.member("frozen").freeze();
    fire.fleet.join("awake");
    await(fire, TASKS, started -> started.who().equals("awake"));
    fire.history.fault("frozen", "thawed");
    fire.fleet.member("frozen").thaw();
  }

  private static void assertThatItWorksOnUnderANewId(Scenario fire) throws Exception {
    fire.fleet.kill("awake");
    for (int i = 0; i < 5; i++) {
      fire.clients.submit(Order.of("fire.record", "later" + i, 1, 0, 5), fire.random);
    }
    fire.judge(Duration.ofMinutes(1));
    assertThat(fire.database.count("select count(*) from trunkline.task where worker = 'frozen'"))
        .isEqualTo(5);
    assertThat(
            fire.database.query(
                "select dead_at is not null from trunkline.worker where name = 'frozen'"
                    + " order by started_at"))
        .containsExactly("t", "f");
  }

  private static void await(Scenario fire, int number, Predicate<Started> which) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () ->
                fire.history.merged().stream()
                        .filter(e -> e instanceof Started started && which.test(started))
                        .count()
                    == number);
  }

  private static long leasesLost(Service service) {
    return metric(service, "trunkline_leases_lost_total");
  }

  private static long refused(Service service, String write) {
    return metric(service, "trunkline_writes_refused_total{write=\"" + write + "\"");
  }

  private static long metric(Service service, String name) {
    return service
        .get("/q/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith(name))
        .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }
}
