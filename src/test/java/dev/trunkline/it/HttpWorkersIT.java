package dev.trunkline.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The workers of {@code examples/}, at work for the packaged service, killed and frozen. */
class HttpWorkersIT {

  private static final Postgres DATABASE = new Postgres();
  private static final Service SERVICE =
      Service.start(DATABASE, Map.of("trunkline.worker.name", "the-service"));
  private static final String SHOUT =
      "{\"type\":\"shout\",\"payload\":{\"text\":\"hi\",\"seconds\":%s}}";
  private static final int LEASE_SECONDS = 3;

  enum Language {
    PYTHON("python3", "worker.py"),
    JAVASCRIPT("node", "worker.mjs");

    private final String program;
    private final String script;

    Language(String program, String script) {
      this.program = program;
      this.script = script;
    }

    private Example start(String name) {
      Path path = Path.of("examples", script).toAbsolutePath();
      ProcessBuilder builder = new ProcessBuilder(program, path.toString());
      builder
          .environment()
          .putAll(
              Map.of(
                  "TRUNKLINE_URL", SERVICE.uri("").toString(),
                  "WORKER_NAME", name,
                  "LEASE_SECONDS", Integer.toString(LEASE_SECONDS)));
      try {
        Path log = Files.createTempFile(Path.of("target"), name + "-", ".log");
        return new Example(
            builder.redirectErrorStream(true).redirectOutput(log.toFile()).start(), log);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private void require() {
      try {
        Process process = new ProcessBuilder(program, "--version").start();
        Assumptions.assumeTrue(process.waitFor() == 0, program);
      } catch (IOException e) {
        Assumptions.abort("%1$s is not installed: apt-get install %1$s".formatted(program));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** A running example, ended with the test. */
  private record Example(Process process, Path log) implements AutoCloseable {

    String said() {
      try {
        return Files.readString(log);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    void signal(String name) {
      Postgres.signal(name, process.pid());
    }

    @Override
    public void close() {
      process.destroyForcibly();
    }
  }

  @AfterAll
  static void stop() {
    SERVICE.close();
    DATABASE.close();
  }

  @ParameterizedTest
  @EnumSource
  void theTaskOfAKilledWorkerRunsElsewhereAfterItsLease(Language language) {
    language.require();
    String id;
    try (Example killed = language.start("killed")) {
      id = running("killed", "60");
      killed.signal("KILL");
    }
    try (Example _ = language.start("heir")) {
      await(id, "running", "heir");
      assertThat(SERVICE.attempts(id).get(0).get("outcome").asText()).isEqualTo("worker-lost");
      cancel(id);
      await(id, "cancelled", "heir");
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatAFrozenWorkerSaysTooLateIsRefusedAndChangesNothing(Language language) {
    language.require();
    try (Example frozen = language.start("frozen")) {
      String id = running("frozen", "1.5");
      frozen.signal("STOP");
      JsonNode before = succeededElsewhere(language, id);

      frozen.signal("CONT");
      Awaitility.await("refused: see " + frozen.log())
          .atMost(Duration.ofSeconds(20))
          .until(() -> frozen.said().contains("409") || frozen.said().contains("lease-lost"));
      assertThat(SERVICE.task(id)).isEqualTo(before);
      assertThat(before.get("result").get("by").asText()).isEqualTo("heir");
      assertThat(SERVICE.attempts(id)).hasSize(2);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aWorkerKeepsItsLeaseForAsLongAsItWorksAndTellsHowFarItIs(Language language) {
    language.require();
    try (Example _ = language.start("steady")) {
      String id = running("steady", Integer.toString(3 * LEASE_SECONDS));
      await(id, "succeeded", "steady");
      JsonNode task = SERVICE.task(id);
      assertThat(task.get("attempt").asInt()).isEqualTo(1);
      assertThat(task.get("result").get("text").asText()).isEqualTo("HI");
      assertThat(task.get("progress").get("percent").asInt()).isPositive();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aWorkerThatIsToldToGoGivesItsTaskBackAtNoCost(Language language) throws Exception {
    language.require();
    try (Example leaving = language.start("leaving")) {
      String id = running("leaving", "60");
      leaving.signal("TERM");
      assertThat(leaving.process().waitFor(20, TimeUnit.SECONDS)).isTrue();

      JsonNode attempts = SERVICE.attempts(id);
      assertThat(attempts).hasSize(1);
      assertThat(attempts.get(0).get("outcome").asText()).isEqualTo("released");
      cancel(id);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aWorkerStopsWhenItsTaskIsCancelled(Language language) {
    language.require();
    try (Example _ = language.start("obedient")) {
      String id = running("obedient", "60");
      cancel(id);
      await(id, "cancelled", "obedient");
    }
  }

  /** The task after another worker has run it, which is gone then. */
  private static JsonNode succeededElsewhere(Language language, String id) {
    try (Example _ = language.start("heir")) {
      await(id, "succeeded", "heir");
      return SERVICE.task(id);
    }
  }

  private static void cancel(String id) {
    SERVICE.post("/api/v1/tasks/" + id + "/cancel", "");
  }

  /** A task that this worker has begun. */
  private static String running(String worker, String seconds) {
    // Until a worker has announced the type it cannot be submitted.
    Awaitility.await("the type is known")
        .atMost(Duration.ofSeconds(30))
        .until(() -> SERVICE.get("/api/v1/task-types").body().contains("\"shout\""));
    String id = SERVICE.submit(SHOUT.formatted(seconds));
    await(id, "running", worker);
    return id;
  }

  private static void await(String id, String state, String worker) {
    Awaitility.await(id + " " + state + " by " + worker)
        .atMost(Duration.ofSeconds(40))
        .until(
            () -> {
              JsonNode task = SERVICE.task(id);
              return task.get("state").asText().equals(state)
                  && task.get("worker").asText().equals(worker);
            });
  }
}
