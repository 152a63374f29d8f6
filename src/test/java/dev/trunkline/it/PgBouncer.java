package dev.trunkline.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * A PgBouncer in front of a PostgreSQL, with no setting made for this service. It ends with this
 * JVM, however that ends: a shell waits for its standard input to close.
 */
public final class PgBouncer implements AutoCloseable {

  public static final String HOW_TO_INSTALL =
      "PgBouncer is not installed: apt-get install pgbouncer";

  private static final String CONFIGURATION =
      """
      [databases]
      * = host=127.0.0.1 port=%d user=postgres
      [pgbouncer]
      listen_addr = 127.0.0.1
      listen_port = %d
      unix_socket_dir =
      auth_type = any
      pool_mode = %s
      default_pool_size = %d
      """;

  /** It refuses to run as root. */
  private static final String RUN =
      """
      user=; [ "$(id -u)" != 0 ] || user="-u nobody"
      "$0" -q $user "$1" </dev/null &
      cat >/dev/null
      kill -INT $!
      wait $!
      """;

  private final Process process;
  private final Path directory;
  private final int port;

  /**
   * Starts it in transaction mode.
   *
   * @param postgresPort where PostgreSQL listens on this machine
   * @param serverConnections how many connections its clients share
   */
  public PgBouncer(int postgresPort, int serverConnections) {
    this(postgresPort, serverConnections, "transaction");
  }

  public PgBouncer(int postgresPort, int serverConnections, String mode) {
    try {
      port = freePort();
      directory = Files.createTempDirectory("trunkline-pgbouncer-");
      Path configuration = directory.resolve("pgbouncer.ini");
      Files.writeString(
          configuration, CONFIGURATION.formatted(postgresPort, port, mode, serverConnections));
      String program = program().orElseThrow(() -> new IllegalStateException(HOW_TO_INSTALL));
      process =
          new ProcessBuilder("sh", "-c", RUN, program, configuration.toString())
              .redirectErrorStream(true)
              .redirectOutput(log().toFile())
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Awaitility.await("PgBouncer: see " + log())
        .atMost(Duration.ofSeconds(20))
        .until(this::isListening);
  }

  /** Empty where it is not installed. */
  public static Optional<String> program() {
    String path = System.getenv().getOrDefault("PATH", "") + ":/usr/sbin:/usr/local/sbin";
    return Stream.of(path.split(":"))
        .map(directory -> Path.of(directory, "pgbouncer"))
        .filter(Files::isExecutable)
        .map(Path::toString)
        .findFirst();
  }

  public String url() {
    return url("postgres");
  }

  public String url(String database) {
    return "jdbc:postgresql://127.0.0.1:" + port + "/" + database + "?user=postgres";
  }

  @Override
  public void close() {
    try {
      process.getOutputStream().close();
      process.waitFor();
      Files.delete(log());
      Files.delete(directory.resolve("pgbouncer.ini"));
      Files.delete(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Path log() {
    return directory.resolve("log");
  }

  private boolean isListening() {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress("127.0.0.1", port), 1_000);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
