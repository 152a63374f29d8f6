package dev.trunkline.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The schema as a step of its own, by the command {@code migrate} of the packaged service. */
class MigrateIT {

  private static final String URL = "quarkus.datasource.jdbc.url";
  private static final String VERSIONS =
      "select version from trunkline.flyway_schema_history where version is not null order by 1";

  @Test
  void aStartThatDoesNotMigrateWaitsForTheCommandAndThenWorks() throws Exception {
    try (Postgres database = new Postgres();
        Service service =
            Service.launch(
                Map.of(
                    URL,
                    database.url(),
                    "trunkline.database.migrate-at-start",
                    "false",
                    "trunkline.examples.enabled",
                    "true"))) {
      Awaitility.await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> service.log().contains("waiting for `trunkline migrate`"));
      Awaitility.await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> service.status("/q/health/ready") == 503);
      assertThat(service.status("/q/health/started")).isEqualTo(200);
      assertThat(service.status("/q/health/live")).isEqualTo(200);
      assertThat(database.query("select nspname from pg_namespace where nspname = 'trunkline'"))
          .isEmpty();

      try (Service command = migrate(Map.of(URL, database.url()))) {
        assertEnds(command, 0);
      }

      service.awaitReady();
      String task = service.submit("{\"type\":\"noop\",\"payload\":1}");
      Awaitility.await().until(() -> service.task(task).get("state").asText().equals("succeeded"));
    }
  }

  @Test
  void theCommandMayBeRunAgainOpensNoPortAndRegistersNoWorker() throws Exception {
    try (Postgres database = new Postgres()) {
      for (int i = 0; i < 2; i++) {
        try (Service command =
            migrate(
                // What it is told of another purpose does not matter.
                Map.of(
                    URL,
                    database.url(),
                    "trunkline.auth.mode",
                    "token",
                    "trunkline.worker.enabled",
                    "true",
                    "trunkline.database.migrate-at-start",
                    "false"))) {
          assertEnds(command, 0);
          assertThat(command.log()).doesNotContain("Listening on: http", "WARN");
        }
      }
      assertThat(database.query(VERSIONS)).contains("1", "9").doesNotHaveDuplicates();
      assertThat(database.query("select id from trunkline.worker")).isEmpty();
    }
  }

  @Test
  void theCommandWaitsForALockThatSomebodyHoldsAndAStartForTheRightToLook() throws Exception {
    try (Postgres database = new Postgres();
        Connection other = DriverManager.getConnection(database.url());
        Statement statement = other.createStatement()) {
      statement.execute("create role service login");
      statement.execute("create schema trunkline");
      statement.execute("grant usage on schema trunkline to service");
      other.setAutoCommit(false);
      // Whoever makes a table of that name has to wait for the end of this transaction.
      statement.execute("create table trunkline.queue (name text)");
      try (Service command = migrate(Map.of(URL, database.url()));
          Service service =
              Service.launch(
                  Map.of(
                      URL,
                      database.url().replace("user=postgres", "user=service"),
                      "trunkline.database.migrate-at-start",
                      "false"))) {
        Awaitility.await()
            .atMost(Duration.ofSeconds(60))
            .until(() -> command.log().contains("lock timeout"));
        other.rollback();
        assertEnds(command, 0);
        Awaitility.await()
            .atMost(Duration.ofSeconds(60))
            .until(() -> service.log().contains("permission denied"));
        statement.execute(
            """
            grant select, insert, update, delete on all tables in schema trunkline to service;
            grant execute on all functions in schema trunkline to service;
            """);
        other.commit();
        service.awaitReady();
      }
    }
  }

  @Test
  void theCommandSaysThatTheDatabaseIsAwayAndFails() throws Exception {
    try (Service command = migrate(Map.of(URL, "jdbc:postgresql://127.0.0.1:1/nowhere"))) {
      assertEnds(command, 1);
      assertThat(command.log())
          .contains("The schema is not up to date yet, trying again: ", "refused");
    }
  }

  @Test
  void anotherCommandIsRefusedInOneLine() throws Exception {
    try (Service command = Service.command("migrat", Map.of(), Map.of())) {
      assertEnds(command, 1);
      assertThat(command.log().strip().lines())
          .singleElement()
          .asString()
          .contains("no such command: migrat", "migrate");
    }
  }

  @Test
  void theCommandMakesAnAotCacheThatAStartUses(@TempDir Path directory) throws Exception {
    Map<String, String> embedded =
        Map.of(
            "trunkline.database.embedded",
            "true",
            "trunkline.database.embedded-directory",
            directory.toString());
    Path cache = directory.resolve("app.aot");
    try (Service command =
        Service.command(
            "migrate", embedded, Map.of("JDK_JAVA_OPTIONS", "-XX:AOTCacheOutput=" + cache))) {
      assertEnds(command, 0);
      assertThat(cache).isNotEmptyFile();
    }
    // With this mode the JVM ends where it cannot use the cache.
    try (Service service =
        Service.launch(
            embedded, Map.of("JDK_JAVA_OPTIONS", "-XX:AOTMode=on -XX:AOTCache=" + cache))) {
      service.awaitReady();
      assertThat(service.log()).doesNotContain("[warning][aot]", "[error][aot]");
    }
  }

  private static Service migrate(Map<String, String> settings) {
    return Service.command("migrate", settings, Map.of());
  }

  private static void assertEnds(Service command, int exitCode) throws InterruptedException {
    assertThat(command.process().waitFor(60, TimeUnit.SECONDS)).as(command::log).isTrue();
    assertThat(command.process().exitValue()).as(command::log).isEqualTo(exitCode);
  }
}
