package dev.trunkline.database;

import io.quarkus.runtime.QuarkusApplication;
import java.time.Duration;
import java.util.Map;

/**
 * Brings the schema up to date and ends: a step of its own in a deployment, before any process of
 * the new version starts. It needs the settings of the database and no others, opens no port and
 * runs no task. The exit code is 0 where the schema is up to date, and 1 where it could not be
 * brought there within half a minute of trying, because the database is away or another transaction
 * holds a table: the log says why, and it may be run again.
 */
public final class MigrateCommand implements QuarkusApplication {

  /** What is written behind the name of the program. */
  public static final String NAME = "migrate";

  /** What such a process is told, whatever its configuration says. */
  public static final Map<String, String> SETTINGS =
      Map.of(
          "trunkline.database.migrate-at-start", "true",
          "trunkline.worker.enabled", "false",
          // Nobody can reach it.
          "trunkline.auth.mode", "none",
          "quarkus.http.host-enabled", "false",
          // An index of many rows takes as long as it takes.
          "quarkus.datasource.jdbc.additional-jdbc-properties.socketTimeout", "0");

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Migration migration;

  MigrateCommand(Migration migration) {
    this.migration = migration;
  }

  @Override
  public int run(String... args) throws InterruptedException {
    return migration.awaitDone(PATIENCE) ? 0 : 1;
  }
}
