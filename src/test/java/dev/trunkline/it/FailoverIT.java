package dev.trunkline.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trunkline.it.history.History;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/**
 * The primary dies under load, and the standby takes its place; then the other way round. {@link
 * Fire} tells how they go on changing places for longer.
 */
class FailoverIT {

  private static final Duration FIRE = Fire.duration(Duration.ZERO);
  private static final int ROUNDS = 2;
  private static final ReplicatedPostgres DATABASE = new ReplicatedPostgres();

  private static final String NOOP = "{\"type\":\"noop\",\"payload\":{\"key\":\"%s\"}}";
  private static final String ECHO = "{\"type\":\"echo\",\"payload\":{\"text\":\"%s\",\"time\":3}}";

  @AfterAll
  static void stop() {
    DATABASE.close();
  }

  @Test
  void whatWasAcknowledgedOutlivesItsServerAndTheServicesFindTheNextOneByThemselves() {
    try (History history = History.begin("failover", Fire.seed());
        Service one = worker("one", DATABASE.url());
        Service two = worker("two", DATABASE.url() + "&targetServerType=primary");
        Probe probe = new Probe(one);
        Load load = new Load(history)) {
      load.client(one, "noop", NOOP).client(two, "noop", NOOP);
      load.client(one, "echo", ECHO).client(two, "echo", ECHO);
      long start = System.nanoTime();
      for (int round = 0; round < ROUNDS || System.nanoTime() - start < FIRE.toNanos(); round++) {
        awaitMore(load, 100, Duration.ofSeconds(30));
        history.fault("database", "the primary is killed");
        DATABASE.killPrimary();
        DATABASE.promoteStandby();
        awaitMore(load, 20, Duration.ofSeconds(30));
        history.fault("database", "the old primary comes back as a standby");
        DATABASE.bringBackAsStandby();
      }
      load.stop();
      Awaitility.await("everything is done")
          .atMost(Duration.ofSeconds(60))
          .until(
              () ->
                  DATABASE.count("select count(*) from trunkline.task where state = 'open'") == 0);

      load.observe(one);
      assertThat(history.violations()).isEmpty();
      assertThat(Set.of(202, 503)).containsAll(load.statuses());
      assertThat(DATABASE.query("select distinct outcome from trunkline.attempt"))
          .isSubsetOf("released", "worker-lost");
      assertThat(probe.statuses("/q/health/live")).containsExactly(200);
      assertThat(List.of(one, two)).allMatch(service -> service.process().isAlive());
    }
  }

  /** As behind an address that moves: the connections that there are stay where they were. */
  @Test
  void aServerThatOnlyReadsIsLeftWhenItRefusesAWrite() {
    try (Wire wire = new Wire(DATABASE.primaryPort());
        Service service =
            worker(
                "moved",
                "jdbc:postgresql://localhost:%d/postgres?user=postgres&targetServerType=any"
                    .formatted(wire.port()))) {
      wire.leadTo(DATABASE.standbyPort());
      wire.reset();
      Awaitility.await("the service finds itself at the standby")
          .atMost(Duration.ofSeconds(20))
          .until(
              () ->
                  DATABASE.sessionsOnStandby() > 0
                      && service.status("/q/health/ready") == 503
                      && submit(service) == 503);

      wire.leadTo(DATABASE.primaryPort());

      Awaitility.await("submissions are taken")
          .atMost(Duration.ofSeconds(10))
          .until(() -> submit(service) == 202);
      Awaitility.await("no connection stays")
          .atMost(Duration.ofSeconds(20))
          .until(() -> submit(service) == 202 && DATABASE.sessionsOnStandby() == 0);
    }
  }

  /** Nothing is said of the server that is wanted: the service wants one that takes writes. */
  @Test
  void aServiceDoesNotGoToAServerThatOnlyReads() {
    try (Service service =
        Service.launch(
            settings(
                "astray",
                "jdbc:postgresql://localhost:%d/postgres?user=postgres"
                    .formatted(DATABASE.standbyPort())))) {
      Awaitility.await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> service.log().contains("The schema is not up to date yet, trying again"));
      Awaitility.await("it lives")
          .atMost(Duration.ofSeconds(30))
          .until(() -> service.status("/q/health/live") == 200);
      assertThat(service.status("/q/health/ready")).isEqualTo(503);
    }
  }

  private static int submit(Service service) {
    return service.post("/api/v1/tasks", NOOP.formatted("x")).statusCode();
  }

  private static void awaitMore(Load load, int more, Duration atMost) {
    int before = load.accepted().size();
    Awaitility.await("submissions are taken")
        .atMost(atMost)
        .until(() -> load.accepted().size() > before + more);
  }

  private static Service worker(String name, String url) {
    Service service = Service.launch(settings(name, url));
    service.awaitReady();
    return service;
  }

  private static Map<String, String> settings(String name, String url) {
    Map<String, String> all = new HashMap<>();
    all.put("quarkus.datasource.jdbc.url", url);
    all.put("trunkline.examples.enabled", "true");
    all.put("trunkline.lease.duration", "10s");
    all.put("trunkline.worker.name", name);
    return all;
  }
}
