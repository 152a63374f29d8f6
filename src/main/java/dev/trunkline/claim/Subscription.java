package dev.trunkline.claim;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import org.jboss.logging.Logger;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/**
 * {@code LISTEN} on a connection. Used by one thread, which sends nothing else on this connection:
 * behind a pooler it would meet the server connection that listens, now and then, and hear by
 * chance.
 */
final class Subscription implements AutoCloseable {

  static final String PROCESS = "select pg_backend_pid()";

  private static final Logger LOG = Logger.getLogger(Subscription.class);
  private static final String LISTEN = "listen " + Notifier.CHANNEL;
  private static final String UNLISTEN = "unlisten " + Notifier.CHANNEL;
  private static final int TRIES = 20;

  private final Connection connection;
  private final int process;

  /** Begins to listen. The connection stays the caller's to close. */
  Subscription(Connection connection) throws SQLException {
    this.connection = connection;
    this.process = inTransaction(LISTEN, met -> true);
  }

  /** The payloads that have arrived, as soon as there are any; empty when the time is over. */
  List<String> hear(Duration atMost) throws SQLException {
    PGNotification[] heard =
        connection.unwrap(PGConnection.class).getNotifications((int) atMost.toMillis());
    return heard == null
        ? List.of()
        : Arrays.stream(heard).map(PGNotification::getParameter).toList();
  }

  /**
   * Stops listening. Behind a pooler another server connection may answer than the one that
   * listens, which would go on sending notifications to whoever uses it: so that one is looked for.
   */
  @Override
  public void close() {
    try {
      for (int i = 0; i < TRIES; i++) {
        if (inTransaction(UNLISTEN, met -> met == process) == process) {
          return;
        }
      }
      LOG.debugf("The server process %d could not be found, and goes on listening.", process);
    } catch (SQLException e) {
      LOG.debugf("A connection that listened is gone: %s", e.getMessage());
    }
  }

  /** Does it where the server process is one that is wanted, and says which one it met. */
  private int inTransaction(String command, IntPredicate wanted) throws SQLException {
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      int met = process(statement);
      if (wanted.test(met)) {
        statement.execute(command);
      }
      connection.commit();
      return met;
    } finally {
      connection.setAutoCommit(true);
    }
  }

  private static int process(Statement statement) throws SQLException {
    try (ResultSet row = statement.executeQuery(PROCESS)) {
      row.next();
      return row.getInt(1);
    }
  }
}
