package dev.trunkline.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
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
    try (Service victim = worker("victim", shortLease)) {
      String id = victim.submit(ECHO.formatted(15));
      awaitState(victim, id, "running");
      try (Service heir = worker("heir", shortLease)) {
        victim.kill();
        long killed = System.nanoTime();
        Awaitility.await()
            .atMost(Duration.ofSeconds(20))
            .until(() -> heir.task(id).get("attempt").asInt() == 2);
        assertThat(Duration.ofNanos(System.nanoTime() - killed)).isLessThan(Duration.ofSeconds(7));
        awaitState(heir, id, "succeeded");

        JsonNode attempts = heir.attempts(id);
        assertThat(attempts).hasSize(2);
        assertThat(attempts.get(0).get("outcome").asText()).isEqualTo("worker-lost");
        assertThat(attempts.get(0).get("worker").asText()).isEqualTo("victim");
        assertThat(attempts.get(0).get("error").get("type").asText()).isEqualTo("worker-lost");
        assertThat(attempts.get(1).get("outcome").asText()).isEqualTo("succeeded");
        assertThat(attempts.get(1).get("worker").asText()).isEqualTo("heir");
      }
    }
  }

  @Test
  void aTerminatedWorkerFinishesWhatItCanAndGivesTheRestBackAtNoCost() throws Exception {
    Map<String, String> grace = Map.of("trunkline.worker.shutdown-grace", "2s");
    try (Service leaving = worker("leaving", grace)) {
      String quick = leaving.submit(ECHO.formatted(6));
      String slow = leaving.submit(ECHO.formatted(40));
      String last =
          leaving.submit(
              "{\"type\":\"echo\",\"maxAttempts\":1,\"payload\":{\"text\":\"x\",\"time\":30}}");
      awaitState(leaving, last, "running");
      try (Service staying = worker("staying")) {
        leaving.terminate();
        assertThat(leaving.process().waitFor(20, TimeUnit.SECONDS)).isTrue();
        awaitFinal(List.of(quick, slow, last), Duration.ofSeconds(30));

        assertThat(staying.attempts(quick)).hasSize(1);
        assertThat(staying.task(quick).get("worker").asText()).isEqualTo("leaving");
        for (String id : List.of(slow, last)) {
          JsonNode attempts = staying.attempts(id);
          assertThat(attempts.get(0).get("outcome").asText()).isEqualTo("released");
          assertThat(attempts.get(1).get("outcome").asText()).isEqualTo("succeeded");
          assertThat(attempts.get(1).get("worker").asText()).isEqualTo("staying");
        }
        assertThat(
                DATABASE.count(
                    "select count(*) from trunkline.lease l join trunkline.worker w"
                        + " on w.id = l.worker_id where w.name = 'leaving'"))
            .isZero();
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
    Map<String, String> all = new java.util.HashMap<>(settings);
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
