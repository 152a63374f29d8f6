package dev.trunkline.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.trunkline.it.history.History;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Three workers that disagree about the time by an hour each, by means of libfaketime (Debian's
 * package {@code faketime}). It bends the wall clock alone, not the monotonic one.
 */
class ClockIT {

  private static final Duration LEASE = Duration.ofSeconds(6);
  private static final Duration BENT = Duration.ofHours(1);

  /** How much later than possible something may happen on a busy machine. */
  private static final Duration SLACK = Duration.ofSeconds(3);

  private static final String LATER =
      "{\"type\":\"noop\",\"delay\":\"PT2S\",\"payload\":{\"key\":\"%s\"}}";
  private static final String NOW = "{\"type\":\"noop\",\"payload\":{\"key\":\"%s\"}}";
  private static final String BLOCKING =
      "{\"type\":\"echo\",\"queue\":\"narrow\",\"payload\":{\"text\":\"x\",\"time\":60}}";
  private static final String EXPIRING =
      "{\"type\":\"noop\",\"queue\":\"narrow\",\"expiresAt\":\"%s\",\"payload\":1}";

  private static Postgres database;
  private static final List<Service> WORKERS = new ArrayList<>();

  @BeforeAll
  static void start() {
    Optional<Path> library = library();
    assumeTrue(library.isPresent(), "libfaketime is missing; apt-get install faketime");
    database = new Postgres();
    start("right", Map.of());
    start("ahead", bent(library.get(), "+3600"));
    start("behind", bent(library.get(), "-3600"));
  }

  @AfterAll
  static void stop() {
    WORKERS.forEach(Service::close);
    if (database != null) {
      database.close();
    }
  }

  @Test
  void theClocksAreBentIndeed() {
    Duration ahead = Duration.between(Instant.now(), lastWord(WORKERS.get(1)));
    Duration behind = Duration.between(lastWord(WORKERS.get(2)), Instant.now());
    assertThat(List.of(ahead, behind))
        .allSatisfy(bent -> assertThat(bent).isBetween(BENT.minusMinutes(5), BENT.plusMinutes(5)));
  }

  @Test
  void nothingStartsBeforeItsTimeAndNobodyIsTakenForDead() {
    try (History history = History.begin("clocks", Fire.seed());
        Load load = new Load(history)) {
      for (Service door : WORKERS) {
        load.client(door, "noop", LATER).client(door, "noop", NOW);
      }
      long start = System.nanoTime();
      Awaitility.await("two leases")
          .pollInterval(Duration.ofMillis(200))
          .atMost(LEASE.multipliedBy(3))
          .until(() -> System.nanoTime() - start > LEASE.multipliedBy(2).toNanos());
      load.stop();
      String open = "select count(*) from trunkline.task where type = 'noop' and state = 'open'";
      Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> database.count(open) == 0);

      load.observe(WORKERS.getFirst());
      assertThat(history.violations()).isEmpty();
    }
    assertThat(database.query("select distinct worker from trunkline.task where type = 'noop'"))
        .contains("right", "ahead", "behind");
    assertThat(database.count("select count(*) from trunkline.worker where dead_at is not null"))
        .isZero();
    assertThat(database.count("select count(*) from trunkline.attempt")).isZero();
    assertNone("started_at < run_at or started_at > run_at + interval '%s'".formatted(SLACK));
    assertNone("abs(extract(epoch from clock_timestamp() - created_at)) > 600");
    assertNone("finished_at < started_at or finished_at > clock_timestamp()");
  }

  @Test
  void aTaskExpiresWhenTheDatabaseSaysSo() {
    String busy =
        "select count(*) from trunkline.task_status where queue = 'narrow' and state = 'running'";
    for (Service door : WORKERS) {
      door.submit(BLOCKING);
    }
    Awaitility.await("every worker is busy")
        .atMost(Duration.ofSeconds(20))
        .until(() -> database.count(busy) == WORKERS.size());
    Instant end = Instant.now().plusSeconds(3);
    for (Service door : WORKERS) {
      door.submit(EXPIRING.formatted(end));
    }
    String expired =
        "from trunkline.task where expires_at is not null and error ->> 'type' = 'expired'";
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> database.count("select count(*) " + expired) == WORKERS.size());
    assertThat(
            database.count(
                "select count(*) %s and finished_at between expires_at and expires_at + interval '%s'"
                    .formatted(expired, SLACK)))
        .isEqualTo(WORKERS.size());
  }

  private static void assertNone(String wrong) {
    assertThat(
            database.query(
                "select id || ' ' || to_jsonb(t)::text from trunkline.task t where type = 'noop'"
                    + " and state = 'succeeded' and ("
                    + wrong
                    + ")"))
        .isEmpty();
  }

  /** The newest line of its log. */
  private static Instant lastWord(Service service) {
    return service.times("Listening on").getLast();
  }

  private static void start(String name, Map<String, String> environment) {
    Service service =
        Service.launch(
            Map.of(
                "quarkus.datasource.jdbc.url",
                database.url(),
                "trunkline.examples.enabled",
                "true",
                "trunkline.lease.duration",
                LEASE.toString(),
                "trunkline.queues.\"narrow\".concurrency",
                "1",
                "trunkline.worker.name",
                name),
            environment);
    WORKERS.add(service);
    service.awaitReady();
  }

  private static Map<String, String> bent(Path library, String by) {
    return Map.of(
        "LD_PRELOAD", library.toString(),
        "FAKETIME", by,
        "FAKETIME_DONT_FAKE_MONOTONIC", "1",
        // Waits with a time limit are left alone, too, and processes do not share a clock.
        "FAKETIME_FORCE_MONOTONIC_FIX", "0",
        "FAKETIME_DISABLE_SHM", "1");
  }

  private static Optional<Path> library() {
    try (Stream<Path> below = Files.find(Path.of("/usr/lib"), 3, (path, file) -> true)) {
      return below.filter(path -> path.endsWith("faketime/libfaketimeMT.so.1")).findFirst();
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
