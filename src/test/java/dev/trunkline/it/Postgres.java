package dev.trunkline.it;

import dev.trunkline.database.EmbeddedDatabase;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.io.FileUtils;
import org.awaitility.Awaitility;

/**
 * A PostgreSQL server of a test's own, which can be stopped hard and started again in its place.
 */
final class Postgres implements AutoCloseable {

  private final Path data;
  private final int port;

  Postgres() {
    try {
      EmbeddedDatabase.extractApartForEachUser();
      data = Files.createTempDirectory("trunkline-it-").resolve("data");
      port = start(0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String url() {
    return "jdbc:postgresql://localhost:" + port + "/postgres?user=postgres";
  }

  int port() {
    return port;
  }

  /** As {@code pg_ctl stop -m immediate} does it: no checkpoint, every connection cut. */
  void stopHard() {
    long pid = pid();
    ProcessHandle server = ProcessHandle.of(pid).orElseThrow();
    signal("QUIT", pid);
    Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> !server.isAlive());
  }

  void startAgain() {
    try {
      Files.deleteIfExists(data.resolve("epg-lock"));
      start(port);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The first column of every row. */
  List<String> query(String sql) {
    try (Connection connection = DriverManager.getConnection(url());
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      List<String> values = new ArrayList<>();
      while (rows.next()) {
        values.add(rows.getString(1));
      }
      return values;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  void execute(String sql) {
    try (Connection connection = DriverManager.getConnection(url());
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  long count(String sql) {
    return Long.parseLong(query(sql).getFirst());
  }

  @Override
  public void close() {
    if (Files.exists(data.resolve("postmaster.pid"))) {
      stopHard();
    }
    try {
      FileUtils.deleteDirectory(data.getParent().toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void signal(String name, long pid) {
    try {
      new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start().waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @SuppressWarnings("resource") // stopped by its process id, like the crash that it stands for
  private int start(int atPort) throws IOException {
    EmbeddedPostgres.Builder builder =
        EmbeddedPostgres.builder()
            .setDataDirectory(data)
            .setCleanDataDirectory(false)
            .setPGStartupWait(Duration.ofSeconds(60))
            .setServerConfig("unix_socket_directories", "")
            .setServerConfig("timezone", System.getProperty("user.timezone", "UTC"))
            .setServerConfig("fsync", "on")
            .setServerConfig("synchronous_commit", "on");
    return (atPort == 0 ? builder : builder.setPort(atPort)).start().getPort();
  }

  private long pid() {
    try {
      return Long.parseLong(Files.readAllLines(data.resolve("postmaster.pid")).getFirst().strip());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
