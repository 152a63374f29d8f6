package dev.trunkline.bench;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The PostgreSQL that everybody is measured on: the one that {@code BENCH_POSTGRES_URL} names, or
 * one of its own from the embedded binaries.
 */
final class DatabaseServer implements AutoCloseable {

  /**
   * Beyond PostgreSQL's defaults, which are for small machines. Durability is PostgreSQL's own: the
   * library of the embedded binaries, made for tests, switches both of these off.
   */
  private static final Map<String, String> SETTINGS =
      Map.of(
          "fsync",
          "on",
          "synchronous_commit",
          "on",
          "shared_buffers",
          "1GB",
          "max_wal_size",
          "8GB",
          "max_connections",
          "200",
          "shared_preload_libraries",
          Statements.LIBRARY,
          Statements.TRACK,
          "none");

  private final Optional<EmbeddedPostgres> own;
  private final URI url;

  private DatabaseServer(Optional<EmbeddedPostgres> own, URI url) {
    this.own = own;
    this.url = url;
  }

  static DatabaseServer start() {
    String given = System.getenv("BENCH_POSTGRES_URL");
    if (given != null) {
      return durable(new DatabaseServer(Optional.empty(), URI.create(given)));
    }
    String apart = "trunkline-postgresql-" + System.getProperty("user.name");
    System.setProperty(
        "ot.epg.working-dir", Path.of(System.getProperty("java.io.tmpdir"), apart).toString());
    EmbeddedPostgres.Builder builder =
        EmbeddedPostgres.builder()
            .setPGStartupWait(Duration.ofSeconds(60))
            .setServerConfig("unix_socket_directories", "");
    SETTINGS.forEach(builder::setServerConfig);
    try {
      EmbeddedPostgres postgres = builder.start();
      URI url = URI.create("postgresql://postgres@localhost:" + postgres.getPort() + "/postgres");
      return durable(new DatabaseServer(Optional.of(postgres), url));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Rates of a server that may lose what it has committed are no rates. */
  private static DatabaseServer durable(DatabaseServer server) {
    Database admin = new Database(server.url);
    for (String setting : new String[] {"fsync", "synchronous_commit", "full_page_writes"}) {
      if (!admin.text("show " + setting).equals("on")) {
        throw new IllegalStateException(setting + " is not on");
      }
    }
    return server;
  }

  /** Empty, under this name; one that was there is gone. */
  Database fresh(String name) {
    drop(name);
    Database admin = new Database(url);
    admin.update("create database " + name);
    // What one contender has written is not to be paid for by the next.
    admin.update("checkpoint");
    return new Database(url.resolve("/" + name));
  }

  void drop(String name) {
    new Database(url).update("drop database if exists " + name + " with (force)");
  }

  /** What decides about durability and speed, as the server tells it. */
  Map<String, String> facts() {
    Map<String, String> facts = new LinkedHashMap<>();
    Database admin = new Database(url);
    for (String setting :
        new String[] {
          "server_version",
          "fsync",
          "synchronous_commit",
          "full_page_writes",
          "shared_buffers",
          "max_wal_size",
          "autovacuum",
          "wal_level"
        }) {
      facts.put(setting, admin.text("show " + setting));
    }
    return facts;
  }

  @Override
  public void close() {
    try {
      if (own.isPresent()) {
        own.get().close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One database of the server. */
  record Database(URI url) {

    String jdbcUrl() {
      String user = url.getUserInfo();
      return "jdbc:postgresql://%s:%d%s?user=%s"
          .formatted(url.getHost(), url.getPort(), url.getPath(), user);
    }

    Connection connect() {
      return connect("");
    }

    /** To look on: what is asked here is not among the statements that are counted. */
    Connection observe() {
      return connect("&options=-c%20" + Statements.TRACK + "=none");
    }

    private Connection connect(String parameters) {
      try {
        return DriverManager.getConnection(jdbcUrl() + parameters);
      } catch (SQLException e) {
        throw new IllegalStateException(e);
      }
    }

    void update(String sql) {
      try (Connection connection = observe();
          Statement statement = connection.createStatement()) {
        statement.execute(sql);
      } catch (SQLException e) {
        throw new IllegalStateException(sql, e);
      }
    }

    String text(String sql) {
      try (Connection connection = observe();
          Statement statement = connection.createStatement();
          ResultSet row = statement.executeQuery(sql)) {
        row.next();
        return row.getString(1);
      } catch (SQLException e) {
        throw new IllegalStateException(sql, e);
      }
    }

    double number(String sql) {
      String text = text(sql);
      return text == null ? Double.NaN : Double.parseDouble(text);
    }
  }
}
