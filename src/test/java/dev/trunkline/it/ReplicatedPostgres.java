package dev.trunkline.it;

import dev.trunkline.database.EmbeddedDatabase;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import org.awaitility.Awaitility;

/**
 * Two PostgreSQL servers: a primary that answers a commit only after the standby has it, and that
 * standby. They can change places (PostgreSQL 18, chapter 26, "High Availability, Load Balancing,
 * and Replication").
 */
final class ReplicatedPostgres implements AutoCloseable {

  private static final String STANDBY = "standby";

  private final Path directory;
  private Server primary;
  private Server standby;

  ReplicatedPostgres() {
    try {
      EmbeddedDatabase.extractApartForEachUser();
      directory = Files.createTempDirectory("trunkline-it-");
      primary = Server.start(directory.resolve("one"), 0);
      standby = copyOf(primary, directory.resolve("two"), 0);
      awaitCommitsOnBoth();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What an operator would give a service: both hosts, in the order in which they were made. */
  String url() {
    List<Integer> ports = new ArrayList<>(List.of(primary.port, standby.port));
    if (primary.data.endsWith("two")) {
      ports = ports.reversed();
    }
    return "jdbc:postgresql://localhost:%d,localhost:%d/postgres?user=postgres"
        .formatted(ports.getFirst(), ports.getLast());
  }

  int primaryPort() {
    return primary.port;
  }

  int standbyPort() {
    return standby.port;
  }

  /** The first column of every row, as the primary has it. */
  List<String> query(String sql) {
    return primary.query(sql);
  }

  long count(String sql) {
    return Long.parseLong(query(sql).getFirst());
  }

  /** Sessions of a service at the server that only reads. */
  long sessionsOnStandby() {
    return Long.parseLong(
        standby
            .query("select count(*) from pg_stat_activity where application_name like 'trunkline%'")
            .getFirst());
  }

  /** Kills the primary where it stands. */
  void killPrimary() {
    primary.kill();
  }

  /** The standby becomes the primary, whatever has become of that one. It waits for nobody yet. */
  void promoteStandby() {
    Server old = primary;
    standby.query("select pg_promote(true, 60)");
    primary = standby;
    standby = old;
  }

  /** The old primary comes back at its old address as the standby of the new one. */
  void bringBackAsStandby() {
    try {
      FileUtils.deleteDirectory(standby.data.toFile());
      standby = copyOf(primary, standby.data, standby.port);
      awaitCommitsOnBoth();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    primary.kill();
    standby.kill();
    try {
      FileUtils.deleteDirectory(directory.toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void awaitCommitsOnBoth() {
    primary.query("alter system set synchronous_standby_names = '" + STANDBY + "'");
    primary.query("select pg_reload_conf()");
    Awaitility.await("the standby follows")
        .atMost(Duration.ofSeconds(30))
        .until(
            () -> primary.query("select sync_state from pg_stat_replication"),
            List.of("sync")::equals);
  }

  /** By the backup functions, since the binaries at hand have no program for it (chapter 25.3). */
  private static Server copyOf(Server source, Path data, int port) throws IOException {
    try (Connection session = DriverManager.getConnection(source.url());
        Statement statement = session.createStatement()) {
      statement.execute("select pg_backup_start('copy', true)");
      copy(source.data, data);
      try (ResultSet row = statement.executeQuery("select labelfile from pg_backup_stop(false)")) {
        row.next();
        Files.writeString(data.resolve("backup_label"), row.getString(1));
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    Files.writeString(
        data.resolve("postgresql.auto.conf"),
        "primary_conninfo = 'host=localhost port=%d user=postgres application_name=%s'%n"
            .formatted(source.port, STANDBY));
    Files.createFile(data.resolve("standby.signal"));
    return Server.start(data, port);
  }

  private static void copy(Path from, Path to) throws IOException {
    FileUtils.copyDirectory(
        from.toFile(),
        to.toFile(),
        file -> {
          Path path = from.relativize(file.toPath());
          boolean log = path.startsWith("pg_wal") && !file.isDirectory();
          return !log && !List.of("postmaster.pid", "epg-lock").contains(path.toString());
        });
    Files.setPosixFilePermissions(to, PosixFilePermissions.fromString("rwx------"));
  }

  /** One of the two. */
  private record Server(Path data, int port) {

    @SuppressWarnings("resource") // ended by its process id
    static Server start(Path data, int port) throws IOException {
      EmbeddedPostgres.Builder builder =
          EmbeddedPostgres.builder()
              .setDataDirectory(data)
              .setCleanDataDirectory(false)
              .setPGStartupWait(Duration.ofSeconds(60))
              .setServerConfig("unix_socket_directories", "")
              .setServerConfig("timezone", System.getProperty("user.timezone", "UTC"))
              .setServerConfig("wal_keep_size", "1GB")
              .setServerConfig("fsync", "off")
              .setServerConfig("synchronous_commit", "on");
      return new Server(data, (port == 0 ? builder : builder.setPort(port)).start().getPort());
    }

    String url() {
      return "jdbc:postgresql://localhost:" + port + "/postgres?user=postgres";
    }

    List<String> query(String sql) {
      try (Connection connection = DriverManager.getConnection(url());
          Statement statement = connection.createStatement()) {
        List<String> values = new ArrayList<>();
        if (statement.execute(sql)) {
          ResultSet rows = statement.getResultSet();
          while (rows.next()) {
            values.add(rows.getString(1));
          }
        }
        return values;
      } catch (SQLException e) {
        throw new IllegalStateException(e);
      }
    }

    /** The others of its processes end themselves when they find it gone. */
    void kill() {
      try {
        Path pidFile = data.resolve("postmaster.pid");
        long pid = Long.parseLong(Files.readAllLines(pidFile).getFirst().strip());
        List<ProcessHandle> all = ProcessHandle.of(pid).stream().flatMap(Server::family).toList();
        all.stream().limit(1).forEach(server -> Postgres.signal("KILL", server.pid()));
        Awaitility.await()
            .atMost(Duration.ofSeconds(20))
            .until(() -> all.stream().noneMatch(ProcessHandle::isAlive));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private static Stream<ProcessHandle> family(ProcessHandle postmaster) {
      return Stream.concat(Stream.of(postmaster), postmaster.descendants());
    }
  }
}
