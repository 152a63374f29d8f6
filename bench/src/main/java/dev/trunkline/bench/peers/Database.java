package dev.trunkline.bench.peers;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** The database that the harness names in {@code BENCH_DATABASE_URL}; it has no password. */
final class Database {
  /** HikariCP's own default, which an application has that sets nothing. */
  static final int DEFAULT_CONNECTIONS = 10;

  private Database() {}

  static HikariDataSource pool(int connections) {
    var config = new HikariConfig();
    config.setJdbcUrl(jdbcUrl());
    config.setUsername(url().getUserInfo());
    config.setMaximumPoolSize(connections);
    return new HikariDataSource(config);
  }

  /** As {@link #pool}, with all its connections open: opening them is not what is measured. */
  static HikariDataSource openPool(int connections) throws SQLException {
    var pool = pool(connections);
    List<Connection> opened = new ArrayList<>();
    for (var i = 0; i < connections; i++) {
      opened.add(pool.getConnection());
    }
    for (var connection : opened) {
      connection.close();
    }
    return pool;
  }

  /** A connection outside of all pools, so that asking never waits for a worker. */
  static Connection observer() throws SQLException {
    return DriverManager.getConnection(jdbcUrl(), url().getUserInfo(), null);
  }

  /** The one boolean that a query returns. */
  static boolean ask(Connection observer, String query) throws SQLException {
    try (var statement = observer.createStatement();
        var rows = statement.executeQuery(query)) {
      rows.next();
      return rows.getBoolean(1);
    }
  }

  private static String jdbcUrl() {
    var url = url();
    return "jdbc:postgresql://" + url.getHost() + ":" + url.getPort() + url.getPath();
  }

  private static URI url() {
    var url = System.getenv("BENCH_DATABASE_URL");
    if (url == null) {
      throw new IllegalStateException("BENCH_DATABASE_URL is not set");
    }
    return URI.create(url);
  }
}
