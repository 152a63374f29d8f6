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

  private static final String NOWHERE = "jdbc:postgresql://127.0.0.1:1/nowhere";

  @Test
  void aStartWithoutADatabaseIsRefusedInOneLine() throws Exception {
    try (Service service = Service.launch(Map.of())) {
      assertRefused(service);
      assertThat(service.log().strip().lines())
          .singleElement()
          .asString()
          .contains("quarkus.datasource.jdbc.url", "trunkline.database.embedded=true");
    }
  }

  @Test
  void aStartThatIsNotToldWhoMayUseItIsRefusedInOneLine() throws Exception {
    try (Service service =
        Service.launch(Map.of("quarkus.datasource.jdbc.url", NOWHERE, "trunkline.auth.mode", ""))) {
      assertRefused(service);
      assertThat(service.log().strip().lines())
          .singleElement()
          .asString()
          .contains("trunkline.auth.mode", "TRUNKLINE_AUTH_MODE", "token", "oidc", "none");
    }
  }

  @Test
  void aBlankPropertyWinsOverTheEnvironmentAndAnExpressionMayComeToNothing() throws Exception {
    Map<String, String> settings =
        Map.of("quarkus.datasource.jdbc.url", "${NOT_THERE:}", "trunkline.auth.mode", "");
    try (Service service = Service.launch(settings, Map.of("TRUNKLINE_AUTH_MODE", "none"))) {
      assertRefused(service);
      assertThat(service.log().strip().lines()).hasSize(2);
    }
  }

  @Test
  void aStartInModeTokenWithoutATokenIsRefused() throws Exception {
    try (Service service =
        Service.launch(
            Map.of("quarkus.datasource.jdbc.url", NOWHERE, "trunkline.auth.mode", "token"))) {
      assertRefused(service);
      assertThat(service.log()).contains("trunkline.auth.tokens.\"name\".sha256");
    }
  }

  @Test
  void everyBadTokenIsNamedAtStartAndNoneIsShown() throws Exception {
    try (Service service =
        Service.launch(
            Map.of(
                "quarkus.datasource.jdbc.url", NOWHERE,
                "trunkline.auth.mode", "token",
                "trunkline.auth.tokens.shop.sha256", "the-token-itself",
                "trunkline.auth.tokens.shop.roles", "boss",
                "trunkline.auth.tokens.till.sha256", "another-token",
                "trunkline.auth.tokens.till.roles", "worker"))) {
      assertRefused(service);
      assertThat(service.log())
          .contains(
              "trunkline.auth.tokens.shop.sha256",
              "trunkline.auth.tokens.shop.roles",
              "trunkline.auth.tokens.till.sha256")
          .doesNotContain("the-token-itself", "another-token");
    }
  }

  @Test
  void tokensMayComeFromTheEnvironment(@TempDir Path directory) {
    Map<String, String> settings =
        Map.of(
            "trunkline.database.embedded", "true",
            "trunkline.database.embedded-directory", directory.toString(),
            "trunkline.auth.mode", "token");
    // printf %s a-token | sha256sum
    Map<String, String> environment =
        Map.of(
            "TRUNKLINE_AUTH_TOKENS__SHOP__SHA256",
            "1f6076e3a47ba1ded08025ffe06e57af217c14f9407f33fba50f99b1c7019387",
            "TRUNKLINE_AUTH_TOKENS__SHOP__ROLES",
            "submitter,worker");
    try (Service service = Service.launch(settings, environment)) {
      awaitReady(service);
      assertThat(service.status("/api/v1/task-types")).isEqualTo(401);
      assertThat(service.getWithToken("/api/v1/task-types", "a-token").statusCode()).isEqualTo(200);
      assertThat(service.getWithToken("/api/v1/task-types", "b-token").statusCode()).isEqualTo(401);
    }
  }

  private static void assertRefused(Service service) throws InterruptedException {
    assertThat(service.process().waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(service.process().exitValue()).isEqualTo(1);
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
