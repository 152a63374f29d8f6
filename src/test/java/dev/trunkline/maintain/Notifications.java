package dev.trunkline.maintain;

import dev.trunkline.database.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/** Hears what processes are told, as another one would. */
final class Notifications implements AutoCloseable {

  private final Connection connection;

  Notifications(TestDatabase database) throws SQLException {
    connection = database.connect();
    try (Statement listen = connection.createStatement()) {
      listen.execute("listen trunkline");
    }
  }

  /** Whether one comes within this time. */
  boolean await(Duration atMost) throws SQLException {
    PGNotification[] heard =
        connection.unwrap(PGConnection.class).getNotifications((int) atMost.toMillis());
    return heard != null && heard.length > 0;
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
