package dev.trunkline.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trunkline.it.history.History;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Two workers, one of them behind a wire to the database that is cut in several ways. {@link Fire}
 * tells how the resets go on for longer.
 */
class NetworkIT {

  private static final long SEED = Fire.seed();
  private static final Duration RESETS = Fire.duration(Duration.ofSeconds(10));
  private static final Duration BLACK = Duration.ofSeconds(60);
  private static final Duration SHORT_CUT = Duration.ofMillis(2_500);
  private static final Duration LEASE = Duration.ofSeconds(6);

  private static final String SHORT =
      "{\"type\":\"echo\",\"payload\":{\"text\":\"%s\",\"time\":2}}";
  private static final String LONG =
      "{\"type\":\"echo\",\"payload\":{\"text\":\"long\",\"time\":60}}";
  private static final String OPEN = "select count(*) from trunkline.task where state = 'open'";

  private static final Postgres DATABASE = new Postgres();
  private static final Wire WIRE = new Wire(DATABASE.port());
  private static Service cut;
  private static Service other;

  @BeforeAll
  static void start() {
    String wired = "jdbc:postgresql://localhost:" + WIRE.port() + "/postgres?user=postgres";
    cut = worker("cut", Map.of("quarkus.datasource.jdbc.url", wired));
    other = worker("other", Map.of());
  }

  @AfterAll
  static void stop() {
    cut.close();
    other.close();
    WIRE.close();
    DATABASE.close();
  }

  @Test
  void connectionsThatAreResetAgainAndAgainCostNoTaskAndRunNoneTwice() {
    Random random = new Random(SEED);
    try (History history = History.begin("resets", SEED);
        Load load = new Load(history)) {
      load.client(cut, "echo", SHORT).client(cut, "echo", SHORT).client(other, "echo", SHORT);
      long start = System.nanoTime();
      while (System.nanoTime() - start < RESETS.toNanos()) {
        LockSupport.parkNanos(Duration.ofMillis(100 + random.nextInt(900)).toNanos());
        history.fault("cut", "all its connections are reset");
        WIRE.reset();
      }
      load.stop();
      awaitNoneOpen(Duration.ofSeconds(100));

      load.observe(other);
      assertThat(history.violations()).isEmpty();
      assertThat(load.accepted()).hasSizeGreaterThan(50);
      assertThat(Set.of(202, 503)).containsAll(load.statuses());
      assertThat(setbacks(load))
          .as("nobody was taken for dead, and no end was taken for a failure")
          .isSubsetOf("released");
    }
  }

  @Test
  void endsAreKeptForAsLongAsTheWorkerLivesThroughACut() {
    try (History history = History.begin("short-cut", SEED);
        Load load = new Load(history)) {
      load.client(cut, "echo", SHORT).client(cut, "echo", SHORT);
      Awaitility.await().until(() -> load.accepted().size() > 20);
      String worker = livingWorker();

      history.fault("cut", "its connections are reset, and new ones get no answer");
      WIRE.swallow();
      WIRE.reset();
      long start = System.nanoTime();
      String began = DATABASE.query("select clock_timestamp()").getFirst();
      Awaitility.await("less than a lifetime")
          .pollInterval(Duration.ofMillis(50))
          .until(() -> System.nanoTime() - start > SHORT_CUT.toNanos());
      String mended = DATABASE.query("select clock_timestamp()").getFirst();
      WIRE.mend();
      load.stop();
      awaitNoneOpen(Duration.ofSeconds(40));

      load.observe(other);
      assertThat(history.violations()).isEmpty();
      assertThat(livingWorker()).isEqualTo(worker);
      assertThat(setbacks(load)).isSubsetOf("released");
      assertThat(
              DATABASE.count(
                  "select count(*) from trunkline.task where worker = 'cut' and attempt = 1"
                      + " and started_at < '%s' and finished_at > '%s'".formatted(began, mended)))
          .as("ends that were kept over the cut")
          .isPositive();
    }
  }

  @Test
  void connectionsThatDieWithoutAWordAreReplacedBeforeTheWorkerIsTakenForDead() {
    try (History history = History.begin("forgotten", SEED);
        Load load = new Load(history)) {
      load.client(cut, "echo", SHORT).client(cut, "echo", SHORT).client(other, "echo", SHORT);
      Awaitility.await().until(() -> load.accepted().size() > 20);
      String worker = livingWorker();

      history.fault("cut", "its connections are dead, and nobody is told");
      WIRE.forget();
      String since = DATABASE.query("select clock_timestamp()").getFirst();
      Awaitility.await("the worker runs tasks again")
          .atMost(Duration.ofSeconds(45))
          .until(
              () ->
                  DATABASE.count(
                          "select count(*) from trunkline.task where worker = 'cut'"
                              + " and started_at > '%s'::timestamptz + interval '1 second'"
                                  .formatted(since))
                      > 0);
      load.stop();
      awaitNoneOpen(Duration.ofSeconds(60));

      load.observe(other);
      assertThat(history.violations()).isEmpty();
      assertThat(livingWorker()).isEqualTo(worker);
      assertThat(setbacks(load)).isSubsetOf("released");
    }
  }

  @Test
  @SuppressWarnings("try") // the table is locked for as long as the connection is open
  void aCrowdThatHoldsEveryConnectionDoesNotStopTheHeartbeats() throws Exception {
    String worker = livingWorker();
    String id = other.submit(LONG);
    try (Probe probe = new Probe(cut);
        Crowd crowd = new Crowd(cut, "/api/v1/tasks/" + id, 60);
        Connection connection = DriverManager.getConnection(DATABASE.url());
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute("lock table trunkline.task in access exclusive mode");
      Awaitility.await("reads are refused")
          .atMost(Duration.ofSeconds(20))
          .untilAsserted(() -> assertThat(crowd.statuses()).contains(503));
      long start = System.nanoTime();
      Awaitility.await("two leases")
          .pollInterval(Duration.ofMillis(500))
          .atMost(LEASE.multipliedBy(3))
          .until(() -> System.nanoTime() - start > LEASE.multipliedBy(2).toNanos());
      connection.rollback();

      assertThat(livingWorker()).isEqualTo(worker);
      assertThat(probe.statuses("/q/health/live")).containsExactly(200);
      assertThat(probe.statuses("/q/health/ready")).containsExactly(200);
    }
    awaitNoneOpen(Duration.ofSeconds(60));
  }

  @Test
  void aWorkerThatNobodyHearsStopsInTimeAndComesBackByItself() {
    try (History history = History.begin("black-hole", SEED);
        Load load = new Load(history);
        Probe probe = new Probe(cut)) {
      for (int i = 0; i < 30; i++) {
        cut.submit(LONG);
      }
      load.client(other, "echo", SHORT);
      String held =
          "select count(*) from trunkline.task_status where state = 'running' and worker = 'cut'";
      Awaitility.await("the worker runs some of them")
          .atMost(Duration.ofSeconds(20))
          .until(() -> DATABASE.count(held) > 5);

      history.fault("cut", "nothing it sends arrives");
      WIRE.swallow();
      long start = System.nanoTime();
      Instant end =
          Instant.parse(
              DATABASE
                  .query(
                      "select trunkline.rfc3339(max(expires_at)) from trunkline.worker"
                          + " where name = 'cut' and dead_at is null")
                  .getFirst());
      Awaitility.await("the other takes over").atMost(LEASE).until(() -> DATABASE.count(held) == 0);
      List<Instant> stops = cut.times("is not this worker's any more");
      assertThat(stops).isNotEmpty().allSatisfy(stop -> assertThat(stop).isBefore(end));

      Awaitility.await("a minute")
          .pollInterval(Duration.ofMillis(500))
          .atMost(BLACK.plusSeconds(5))
          .until(() -> System.nanoTime() - start > BLACK.toNanos());
      history.fault("cut", "the wire is mended");
      WIRE.mend();
      Instant mended = Instant.now();
      Awaitility.await("the worker is ready again")
          .atMost(Duration.ofSeconds(20))
          .until(() -> cut.status("/q/health/ready") == 200);
      Awaitility.await("the worker runs tasks again")
          .atMost(Duration.ofSeconds(30))
          .until(
              () -> {
                // Given in here, for else the other one may take whatever comes.
                cut.submit(LONG);
                return DATABASE.count(
                        "select count(*) from trunkline.task_status where worker = 'cut'"
                            + " and started_at > '%s'".formatted(mended))
                    > 0;
              });
      load.stop();
      awaitNoneOpen(Duration.ofSeconds(60));
      load.observe(cut);
      assertThat(history.violations()).isEmpty();
      assertThat(probe.statuses("/q/health/live")).containsExactly(200);
      assertThat(probe.statuses("/q/health/ready")).containsExactlyInAnyOrder(200, 503);
      assertThat(probe.longest()).isLessThan(Duration.ofSeconds(4));
    }
  }

  private static Service worker(String name, Map<String, String> settings) {
    Map<String, String> all = new HashMap<>(settings);
    all.put("trunkline.worker.name", name);
    all.put("trunkline.lease.duration", LEASE.toString());
    return Service.start(DATABASE, all);
  }

  /** Who the cut process is at present. */
  private static String livingWorker() {
    return DATABASE
        .query(
            "select id from trunkline.worker where name = 'cut' and dead_at is null"
                + " and expires_at > clock_timestamp()")
        .getFirst();
  }

  /** How attempts at these tasks ended that did not succeed. */
  private static List<String> setbacks(Load load) {
    return DATABASE.query(
        "select distinct outcome from trunkline.attempt where task_id = any('{%s}'::uuid[])"
            .formatted(String.join(",", load.accepted())));
  }

  private static void awaitNoneOpen(Duration atMost) {
    Awaitility.await("everything is done").atMost(atMost).until(() -> DATABASE.count(OPEN) == 0);
  }
}
