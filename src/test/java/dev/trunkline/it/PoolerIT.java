package dev.trunkline.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Processes that reach PostgreSQL through a PgBouncer in transaction mode, and one beside it. */
class PoolerIT {

  /** Fewer than the processes would open of their own, so that they really share them. */
  private static final int SERVER_CONNECTIONS = 5;

  private final Postgres database = new Postgres();
  private final List<AutoCloseable> open = new ArrayList<>(List.of(database));

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : open.reversed()) {
      each.close();
    }
  }

  @Test
  void throughAPoolerWorkersPollAndEverythingRunsOnce() throws Exception {
    PgBouncer pooler = pooler();
    Service api = start("api", pooler.url(), Map.of("trunkline.worker.enabled", "false"));
    Service first = start("first", pooler.url(), Map.of());
    Service second = start("second", pooler.url(), Map.of());
    awaitListening(first, 0);
    awaitListening(second, 0);
    for (Service worker : List.of(first, second)) {
      Awaitility.await("the log tells")
          .atMost(Duration.ofSeconds(20))
          .until(() -> warnings(worker) == 1);
    }
    awaitListening(api, 0);

    for (int i = 0; i < 5; i++) {
      assertThat(waited(api, api.submit("{\"type\":\"noop\",\"payload\":1}")))
          .isLessThan(Duration.ofSeconds(2));
    }

    submitMixed(api, 2_000);
    awaitAllDone();
    assertThat(
            database.query(
                "select distinct state || ' ' || attempt from trunkline.task order by 1"))
        .containsExactly("succeeded 1");
    assertThat(database.query("select distinct worker from trunkline.task order by 1"))
        .containsExactly("first", "second");
    assertNothingIsWrong(api, first, second);
    assertNothingIsLeftBehind(pooler);
  }

  @Test
  void throughAPoolerTheTasksOfAKilledWorkerRunElsewhere() throws Exception {
    PgBouncer pooler = pooler();
    Map<String, String> lease = Map.of("trunkline.lease.duration", "5s");
    Service killed = start("killed", pooler.url(), lease);
    Service rescuer = start("rescuer", pooler.url(), lease);
    List<String> tasks =
        IntStream.range(0, 20)
            .mapToObj(
                i -> killed.submit("{\"type\":\"echo\",\"payload\":{\"text\":\"x\",\"time\":6}}"))
            .toList();
    // By its own submission, long before the other one polls.
    Awaitility.await()
        .until(() -> killed.task(tasks.getLast()).get("worker").asText().equals("killed"));
    killed.kill();

    awaitAllDone();
    assertThat(
            database.query("select distinct state || ' ' || worker from trunkline.task order by 1"))
        .containsExactly("succeeded rescuer");
    assertThat(rescuer.attempts(tasks.getLast())).hasSize(2);
    assertNothingIsWrong(rescuer);
    assertNothingIsLeftBehind(pooler);
  }

  @Test
  void directlyAWorkerListensAndHearsOfATaskLongBeforeThePoll() {
    Map<String, String> seldom = Map.of("trunkline.worker.poll-interval", "60s");
    Service api = start("api", database.url(), Map.of("trunkline.worker.enabled", "false"));
    Service worker = start("worker", database.url(), seldom);
    awaitListening(worker, 1);

    for (int i = 0; i < 5; i++) {
      assertThat(waited(api, api.submit("{\"type\":\"noop\",\"payload\":1}")))
          .isLessThan(Duration.ofSeconds(1));
    }
    assertThat(warnings(worker)).isZero();
  }

  private PgBouncer pooler() {
    assumeTrue(PgBouncer.program().isPresent(), PgBouncer.HOW_TO_INSTALL);
    return keep(new PgBouncer(database.port(), SERVER_CONNECTIONS));
  }

  private Service start(String name, String url, Map<String, String> settings) {
    Map<String, String> all = new HashMap<>(settings);
    all.put("trunkline.worker.name", name);
    all.put("quarkus.datasource.jdbc.url", url);
    return keep(Service.start(database, all));
  }

  private <T extends AutoCloseable> T keep(T started) {
    open.add(started);
    return started;
  }

  private static void awaitListening(Service worker, int value) {
    Awaitility.await("trunkline_listening " + value)
        .atMost(Duration.ofSeconds(20))
        .until(() -> worker.get("/q/metrics").body().contains("trunkline_listening " + value));
  }

  private static long warnings(Service worker) {
    return worker
        .log()
        .lines()
        .filter(line -> line.contains("\"WARN\"") && line.contains("Notifications do not arrive"))
        .count();
  }

  /** How long a task waited, by the database's clock. */
  private static Duration waited(Service service, String id) {
    Awaitility.await()
        .pollInterval(Duration.ofMillis(20))
        .atMost(Duration.ofSeconds(20))
        .until(() -> service.task(id).get("state").asText().equals("succeeded"));
    return Duration.between(
        Instant.parse(service.task(id).get("runAt").asText()),
        Instant.parse(service.task(id).get("startedAt").asText()));
  }

  private static void submitMixed(Service service, int count) {
    IntStream.range(0, count)
        .parallel()
        .forEach(
            i ->
                service.submit(
                    switch (i % 4) {
                      case 0 -> "{\"type\":\"noop\",\"payload\":" + i + "}";
                      case 1 -> "{\"type\":\"noop\",\"payload\":1,\"delay\":\"PT1S\"}";
                      case 2 -> "{\"type\":\"noop\",\"payload\":1,\"priority\":" + i % 10 + "}";
                      default -> "{\"type\":\"echo\",\"payload\":{\"text\":\"x\",\"time\":5}}";
                    }));
  }

  private void awaitAllDone() {
    Awaitility.await()
        .atMost(Duration.ofSeconds(90))
        .until(
            () -> database.count("select count(*) from trunkline.task where state = 'open'") == 0);
  }

  private static void assertNothingIsWrong(Service... services) {
    assertThat(Stream.of(services).flatMap(service -> service.log().lines()))
        .noneMatch(line -> line.contains("prepared statement"))
        .noneMatch(line -> line.contains("\"ERROR\""))
        .noneMatch(line -> line.contains("could not"));
  }

  /** Repeated, since a worker listens for two seconds whenever it tries again. */
  private static void assertNothingIsLeftBehind(PgBouncer pooler) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() -> assertNothingIsOnAnyServerConnection(pooler));
  }

  /** Looks at every server connection, which takes as many transactions at once. */
  private static void assertNothingIsOnAnyServerConnection(PgBouncer pooler) throws SQLException {
    List<Connection> control = new ArrayList<>();
    try {
      for (int i = 0; i < SERVER_CONNECTIONS; i++) {
        Connection connection = DriverManager.getConnection(pooler.url());
        control.add(connection);
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement();
            ResultSet row =
                statement.executeQuery(
                    """
                    select current_setting('statement_timeout') || ' '
                      || current_setting('lock_timeout') || ' ' || current_setting('search_path')
                      || ' ' || (select count(*) from pg_prepared_statements)
                      || ' ' || (select count(*) from pg_listening_channels())
                    """)) {
          row.next();
          assertThat(row.getString(1)).isEqualTo("0 0 \"$user\", public 0 0");
        }
      }
    } finally {
      for (Connection connection : control) {
        connection.close();
      }
    }
  }
}
