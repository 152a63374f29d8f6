package dev.trunkline.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackagedStartIT {

  @Test
  void aStartWithoutADatabaseIsRefusedInOneLine() throws Exception {
    try (Service service = Service.launch(Map.of())) {
      assertThat(service.process().waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(service.process().exitValue()).isEqualTo(1);
      assertThat(service.log().strip().lines())
          .singleElement()
          .asString()
          .contains("quarkus.datasource.jdbc.url", "trunkline.database.embedded=true");
    }
  }

  @Test
  void theEmbeddedDatabaseKeepsItsTasksAndEndsWithItsJvmEvenWhenThatIsKilled(
      @TempDir Path directory) throws Exception {
    Map<String, String> settings =
        Map.of(
            "trunkline.database.embedded", "true",
            "trunkline.database.embedded-directory", directory.toString(),
            "trunkline.examples.enabled", "true");
    Path pidFile = directory.resolve("postgresql-18").resolve("postmaster.pid");
    String id;
    ProcessHandle server;
    try (Service first = Service.launch(settings)) {
      awaitReady(first);
      server = serverOf(pidFile);
      id = first.submit("{\"type\":\"noop\",\"payload\":{\"kept\":true}}");
      first.kill();
    }
    Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> !server.isAlive());

    try (Service second = Service.launch(settings)) {
      awaitReady(second);
      assertThat(second.task(id).get("payload").get("kept").asBoolean()).isTrue();
      ProcessHandle next = serverOf(pidFile);
      second.terminate();
      assertThat(second.process().waitFor(40, TimeUnit.SECONDS)).isTrue();
      Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> !next.isAlive());
    }
  }

  private static ProcessHandle serverOf(Path pidFile) throws Exception {
    return ProcessHandle.of(Long.parseLong(Files.readAllLines(pidFile).getFirst().strip()))
        .orElseThrow();
  }

  private static void awaitReady(Service service) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> service.status("/q/health/ready") == 200);
  }
}
