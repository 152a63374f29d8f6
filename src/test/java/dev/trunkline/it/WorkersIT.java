package dev.trunkline.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Several worker processes on one database, and what becomes of the tasks of one that goes. */
class WorkersIT {

  private static final Postgres DATABASE = new Postgres();
  private static final String ECHO =
      "{\"type\":\"echo\",\"payload\":{\"text\":\"hi\",\"time\":%d}}";

  @AfterAll
  static void stopDatabase() {
    DATABASE.close();
  }

  @Test
  void threeProcessesShareAThousandEchoesAndRunEachExactlyOnce() {
    try (Service one = worker("one");
        Service two = worker("two");
        Service three = worker("three")) {
      List<String> ids = new ArrayList<>();
      for (int i = 0; i < 1_000; i++) {
        Service door = List.of(one, two, three).get(i % 3);
        ids.add(door.submit(ECHO.formatted(5)));
      }
      awaitFinal(ids, Duration.ofSeconds(60));

      String mine = "where id = any('{" + String.join(",", ids) + "}'::uuid[])";
      assertThat(DATABASE.query("select distinct state from trunkline.task " + mine))
          .containsExactly("succeeded");
      assertThat(DATABASE.count("select count(*) from trunkline.attempt")).isZero();
      assertThat(DATABASE.query("select distinct attempt from trunkline.task " + mine))
          .containsExactly("1");
      assertThat(DATABASE.query("select distinct worker from trunkline.task " + mine))
          .containsExactlyInAnyOrder("one", "two", "three");
      JsonNode attempts = one.attempts(ids.getFirst());
      assertThat(attempts).hasSize(1);
      assertThat(attempts.get(0).get("outcome").asText()).isEqualTo("succeeded");
    }
  }

  @Test
  void theTaskOfAKilledWorkerSucceedsElsewhereWithinOneLease() {
    Map<String, String> shortLease = Map.of("trunkline.lease.duration", "6s");
    try (Service one = worker("one", shortLease);
        Service other = worker("other", shortLease)) {
      String id = one.submit(ECHO.formatted(15));
      awaitState(one, id, "running");
      boolean oneRunsIt = one.task(id).get("worker").asText().equals("one");
      Service heir = oneRunsIt ? other : one;
      (oneRunsIt ? one : other).kill();
      long killed = System.nanoTime();
      Awaitility.await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> heir.task(id).get("attempt").asInt() == 2);
      assertThat(Duration.ofNanos(System.nanoTime() - killed)).isLessThan(Duration.ofSeconds(6));
      awaitState(heir, id, "succeeded");

      JsonNode attempts = heir.attempts(id);
      assertThat(attempts).hasSize(2);
      assertThat(attempts.get(0).get("outcome").asText()).isEqualTo("worker-lost");
      assertThat(attempts.get(0).get("worker").asText()).isEqualTo(oneRunsIt ? "one" : "other");
      assertThat(attempts.get(0).get("error").get("type").asText()).isEqualTo("worker-lost");
      assertThat(attempts.get(1).get("outcome").asText()).isEqualTo("succeeded");
      assertThat(attempts.get(1).get("worker").asText()).isEqualTo(oneRunsIt ? "other" : "one");
    }
  }

  @Test
  void aTerminatedWorkerFinishesWhatItCanAndGivesTheRestBackAtNoCost() throws Exception {
    String slowEcho =
        "{\"type\":\"echo\",\"maxAttempts\":1,\"payload\":{\"text\":\"x\",\"time\":50}}";
    try (Service leaving = worker("leaving", Map.of("trunkline.worker.shutdown-grace", "3s"))) {
      String quick = leaving.submit(ECHO.formatted(6));
      String slow = leaving.submit(slowEcho);
      awaitState(leaving, slow, "running");
      leaving.terminate();
      assertThat(leaving.process().waitFor(20, TimeUnit.SECONDS)).isTrue();
      assertThat(DATABASE.count("select count(*) from trunkline.ready")).isEqualTo(1);

      try (Service staying = worker("staying")) {
        awaitFinal(List.of(quick, slow), Duration.ofSeconds(40));
        assertThat(staying.attempts(quick)).hasSize(1);
        assertThat(staying.task(quick).get("worker").asText()).isEqualTo("leaving");
        JsonNode attempts = staying.attempts(slow);
        assertThat(attempts).hasSize(2);
        assertThat(attempts.get(0).get("outcome").asText()).isEqualTo("released");
        assertThat(attempts.get(1).get("outcome").asText()).isEqualTo("succeeded");
        assertThat(attempts.get(1).get("worker").asText()).isEqualTo("staying");
      }
    }
  }

  @Test
  void aTaskIsNotStartedBeforeItsTime() {
    try (Service service = worker("punctual")) {
      String id = service.submit("{\"type\":\"noop\",\"payload\":1,\"delay\":\"PT2S\"}");
      assertThat(service.task(id).get("state").asText()).isEqualTo("scheduled");
      awaitState(service, id, "succeeded");
      JsonNode task = service.task(id);
      Duration late =
          Duration.between(
              Instant.parse(task.get("runAt").asText()),
              Instant.parse(task.get("startedAt").asText()));
      assertThat(late).isBetween(Duration.ZERO, Duration.ofSeconds(2));
    }
  }

  private static Service worker(String name) {
    return worker(name, Map.of());
  }

  private static Service worker(String name, Map<String, String> settings) {
    Map<String, String> all = new HashMap<>(settings);
    all.put("trunkline.worker.name", name);
    return Service.start(DATABASE, all);
  }

  private static void awaitState(Service service, String id, String state) {
    Awaitility.await(state)
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(50))
        .until(() -> service.task(id).get("state").asText().equals(state));
  }

  private static void awaitFinal(List<String> ids, Duration atMost) {
    String left =
        "select count(*) from trunkline.task where state = 'open' and id = any('{"
            + String.join(",", ids)
            + "}'::uuid[])";
    Awaitility.await().atMost(atMost).until(() -> DATABASE.count(left) == 0);
  }
}
