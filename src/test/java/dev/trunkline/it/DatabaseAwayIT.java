package dev.trunkline.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** The database goes away for ten seconds under load, and comes back. */
class DatabaseAwayIT {

  private static final Duration AWAY = Duration.ofSeconds(10);

  private final Queue<String> accepted = new ConcurrentLinkedQueue<>();
  private final Queue<HttpResponse<String>> refused = new ConcurrentLinkedQueue<>();
  private final Set<Integer> liveness = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean loading = new AtomicBoolean(true);

  @Test
  void nothingIsLostNobodyExitsAndWorkGoesOnByItself() throws Exception {
    try (Postgres database = new Postgres();
        Service service = Service.start(database, Map.of())) {
      Thread load = Thread.ofPlatform().start(() -> submitAllTheTime(service));
      Thread probe = Thread.ofPlatform().start(() -> probeAllTheTime(service));
      Awaitility.await().until(() -> accepted.size() > 50);

      database.stopHard();
      long stopped = System.nanoTime();
      Awaitility.await("readiness goes down")
          .atMost(AWAY)
          .until(() -> service.status("/q/health/ready") == 503);
      // The outage itself is what is waited for here.
      Awaitility.await()
          .pollInterval(Duration.ofMillis(100))
          .atMost(AWAY.plusSeconds(5))
          .until(() -> System.nanoTime() - stopped > AWAY.toNanos());
      int before = accepted.size();
      database.startAgain();
      Awaitility.await("submissions are taken again")
          .atMost(Duration.ofSeconds(30))
          .until(() -> accepted.size() > before + 50);
      loading.set(false);
      load.join();
      probe.join();

      assertThat(service.process().isAlive()).isTrue();
      assertThat(liveness).containsExactly(200);
      assertThat(refused).isNotEmpty();
      for (HttpResponse<String> answer : refused) {
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.headers().firstValue("Retry-After")).isPresent();
        assertThat(answer.headers().firstValue("Content-Type").orElse(""))
            .startsWith("application/problem+json");
      }
      Awaitility.await("everything is done")
          .atMost(Duration.ofSeconds(60))
          .until(
              () ->
                  database.count("select count(*) from trunkline.task where state = 'open'") == 0);
      assertThat(new TreeSet<>(database.query("select id from trunkline.task")))
          .containsAll(new TreeSet<>(accepted));
      assertThat(database.query("select distinct state from trunkline.task"))
          .containsExactly("succeeded");
    }
  }

  private void submitAllTheTime(Service service) {
    while (loading.get()) {
      try {
        HttpResponse<String> answer =
            service.post(
                "/api/v1/tasks", "{\"type\":\"echo\",\"payload\":{\"text\":\"x\",\"time\":3}}");
        if (answer.statusCode() == 202) {
          accepted.add(Service.json(answer).get("id").asText());
        } else {
          refused.add(answer);
        }
      } catch (UncheckedIOException e) {
        throw new IllegalStateException("no answer at all", e);
      }
    }
  }

  private void probeAllTheTime(Service service) {
    while (loading.get()) {
      liveness.add(service.status("/q/health/live"));
    }
  }
}
