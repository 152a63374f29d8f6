package dev.trunkline.claim;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.jboss.logging.Logger;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/**
 * {@code LISTEN} on a connection. Nothing else is sent on it meanwhile: behind a pooler it would
 * meet the server connection that listens, now and then, and hear by chance.
 */
final class Subscription implements AutoCloseable {

  private static final Logger LOG = Logger.getLogger(Subscription.class);
  private static final String LISTEN = "listen " + Notifier.CHANNEL;
  private static final String UNLISTEN = "unlisten " + Notifier.CHANNEL;

  private final Connection connection;

  /** Begins to listen. The connection stays the caller's to close. */
  Subscription(Connection connection) throws SQLException {
    this.connection = connection;
    execute(LISTEN);
  }

  /** Whether this payload arrives; what else arrives meanwhile is dropped. */
  boolean hears(String payload, Duration atMost) throws SQLException {
    long end = System.nanoTime() + atMost.toNanos();
    Duration left = atMost;
    while (left.isPositive()) {
      if (hear(left).contains(payload)) {
        return true;
      }
      left = Duration.ofNanos(end - System.nanoTime());
    }
    return false;
  }

  /** The payloads that have arrived, as soon as there are any; empty when the time is over. */
  List<String> hear(Duration atMost) throws SQLException {
    // Zero would be for ever.
    int millis = (int) Math.max(1, atMost.toMillis());
    PGNotification[] heard = connection.unwrap(PGConnection.class).getNotifications(millis);
    return heard == null
        ? List.of()
        : Arrays.stream(heard).map(PGNotification::getParameter).toList();
  }

  /**
   * Stops listening. Behind a pooler that may meet another server connection than the one which
   * listens; that one is silenced by the next transaction on it ({@link
   * dev.trunkline.database.ConnectionSetup}).
   */
  @Override
  public void close() {
    try {
      execute(UNLISTEN);
    } catch (SQLException e) {
      LOG.debugf("A connection that listened is gone: %s", e.getMessage());
    }
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
