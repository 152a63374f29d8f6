package dev.trunkline.database;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * A real PostgreSQL from binaries on the class path, for development and tests. It belongs to this
 * JVM and ends with it, however that ends: a small shell process waits for its standard input to
 * close, which the kernel does for a JVM that was killed too, and then stops the server. Ctrl-C
 * reaches neither of them, so that the service can finish its goodbye on a database that is there.
 */
public final class EmbeddedDatabase {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String WATCH =
      """
      trap '' INT TERM HUP
      cat >/dev/null
      pid=$(head -n 1 "$0") && kill -INT "$pid"
      if [ -n "$1" ]; then
        while kill -0 "$pid" 2>/dev/null; do sleep 0.1; done
        rm -rf "$1"
      fi
      """;

  /**
   * Held, since a logger that nobody holds forgets its level; it speaks before logging is set up.
   */
  private static final Logger LIBRARY = Logger.getLogger("io.zonky.test");

  private EmbeddedDatabase() {}

  /**
   * Starts it and answers its JDBC URL.
   *
   * @param data where its data is kept, and found again by the next start
   * @param settings of postgresql.conf
   * @throws UncheckedIOException where it cannot be started
   */
  public static String start(Path data, Map<String, String> settings) {
    return start(data, settings, "");
  }

  /** Deletes a directory after the end, where one is named. */
  private static String start(Path data, Map<String, String> settings, String deleteAtEnd) {
    extractApartForEachUser();
    LIBRARY.setLevel(Level.WARNING);
    try {
      Path absolute = data.toAbsolutePath();
      Path pidFile = absolute.resolve("postmaster.pid");
      awaitEndOfLastRun(pidFile);
      EmbeddedPostgres postgres = builder(absolute, settings).start();
      if (!isWindows()) {
        stopWithThisJvm(pidFile, deleteAtEnd);
      }
      return postgres.getJdbcUrl("postgres", "postgres");
    } catch (IOException e) {
      throw new UncheckedIOException("the embedded PostgreSQL could not be started", e);
    }
  }

  /**
   * Starts one with no data that forgets it all with this JVM, and answers its JDBC URL.
   *
   * @throws UncheckedIOException where it cannot be started
   */
  public static String startForTests() {
    try {
      Path data = Files.createTempDirectory("trunkline-test-");
      String zone = System.getProperty("user.timezone", "UTC");
      return start(data.resolve("data"), Map.of("timezone", zone), data.toString());
    } catch (IOException e) {
      throw new UncheckedIOException("no directory for the embedded PostgreSQL", e);
    }
  }

  private static EmbeddedPostgres.Builder builder(Path data, Map<String, String> settings)
      throws IOException {
    Files.createDirectories(data);
    EmbeddedPostgres.Builder builder =
        EmbeddedPostgres.builder()
            .setDataDirectory(data)
            .setCleanDataDirectory(false)
            .setRegisterShutdownHook(isWindows())
            .setPGStartupWait(PATIENCE)
            .setServerConfig("unix_socket_directories", "");
    settings.forEach(builder::setServerConfig);
    return builder;
  }

  private static void stopWithThisJvm(Path pidFile, String deleteAtEnd) throws IOException {
    new ProcessBuilder("sh", "-c", WATCH, pidFile.toString(), deleteAtEnd)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  private static void awaitEndOfLastRun(Path pidFile) throws IOException {
    long start = System.nanoTime();
    while (isServed(pidFile) && System.nanoTime() - start < PATIENCE.toNanos()) {
      try {
        Thread.sleep(100);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private static boolean isServed(Path pidFile) throws IOException {
    if (!Files.exists(pidFile)) {
      return false;
    }
    String pid = Files.readAllLines(pidFile).getFirst().strip();
    return ProcessHandle.of(Long.parseLong(pid)).map(ProcessHandle::isAlive).orElse(false);
  }

  /** Has the binaries extracted apart, since those of one user are not another's to write. */
  public static void extractApartForEachUser() {
    Path directory =
        Path.of(
            System.getProperty("java.io.tmpdir"),
            "trunkline-postgresql-" + System.getProperty("user.name"));
    System.setProperty("ot.epg.working-dir", directory.toString());
  }

  private static boolean isWindows() {
    return System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("windows");
  }
}
