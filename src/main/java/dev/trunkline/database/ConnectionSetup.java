package dev.trunkline.database;

import io.agroal.api.AgroalPoolInterceptor;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jboss.logging.Logger;
import org.postgresql.PGConnection;

/**
 * Sets up each connection of the pool, another way where a pooler stands between it and PostgreSQL.
 *
 * <p>Behind a pooler in transaction mode every transaction may meet another server connection, and
 * what one leaves there another client finds. So nothing may be kept in the session: no prepared
 * statement, which the driver makes of a statement that is repeated, and no setting. Time limits
 * are then set for each transaction; a statement outside of one has none but the driver's {@code
 * socketTimeout}.
 *
 * <p>A pooler is told by the process id that came with the key for cancelling (PostgreSQL, "Message
 * Formats", BackendKeyData): a pooler has to invent one, since its client has no process of its
 * own. One in session mode is taken for the same; that costs some speed and nothing else.
 */
@ApplicationScoped
public class ConnectionSetup implements AgroalPoolInterceptor {

  static final String PROCESS = "select pg_backend_pid()";

  /**
   * What has been given up here must not go on there, nobody waits long behind a lock, and nobody
   * holds one for long in a transaction that he does not go on with. The last one is for a process
   * that freezes, or is cut off, between two statements: PostgreSQL cannot tell, and would keep the
   * locks for it for hours, and with them its tasks from being rescued.
   *
   * <p>Every statement here has an index to go by, and takes it whatever the planner thinks: it
   * keeps the plan that it made when little was waiting, and reads whole tables with it when a
   * million is, until somebody has analysed them. And it takes it in its order: of a table that was
   * analysed while nothing waited the planner expects one row, for which a bitmap and a sort cost
   * as little, and with which a claim reads all that is due.
   *
   * <p>And nothing is compiled: the planner expects a claim to be costly where much waits, while it
   * takes a millisecond, and compiling it anew each time takes thirty (PostgreSQL, "Just-in-Time
   * Compilation").
   */
  static final String LIMITS =
      """
      set statement_timeout = '15s'; set lock_timeout = '2s';
      set idle_in_transaction_session_timeout = '15s'; set jit = off; set enable_seqscan = off;
      set enable_bitmapscan = off
      """;

  /**
   * The same for one transaction. Nobody can listen there, but somebody may have tried and left the
   * server connection listening; it would send what it hears to whoever uses it.
   */
  static final String LIMITS_ONCE =
      """
      set local statement_timeout = '15s'; set local lock_timeout = '2s';
      set local idle_in_transaction_session_timeout = '15s'; set local jit = off;
      set local enable_seqscan = off; set local enable_bitmapscan = off; unlisten *
      """;

  /**
   * For one transaction, in milliseconds. It belongs to a handler, whose own tables may have no
   * index for what it asks of them.
   */
  static final String PATIENCE =
      """
      select set_config('idle_in_transaction_session_timeout', ?, true),
        set_config('enable_seqscan', 'on', true), set_config('enable_bitmapscan', 'on', true)
      """;

  private static final Logger LOG = Logger.getLogger(ConnectionSetup.class);

  private static final int MOST = Integer.MAX_VALUE;

  private static final ScopedValue<Duration> IDLE_AT_MOST = ScopedValue.newInstance();

  private final AtomicBoolean said = new AtomicBoolean();

  /**
   * Runs something of a handler's, whose transaction may compute between its statements for longer
   * than others, and asks for whatever it wants. Holds for connections that this thread acquires
   * meanwhile.
   */
  public static <T> T idleAtMost(Duration patience, Supplier<T> body) {
    return ScopedValue.where(IDLE_AT_MOST, patience).call(body::get);
  }

  /**
   * Runs one statement as a transaction of its own: with the limits of every transaction, and
   * without a begin and a commit to wait for where they are not needed for that. Not within a
   * transaction of the caller's.
   */
  public static <T> T alone(DataSource dataSource, Work<T> statement) throws SQLException {
    try (Connection connection = dataSource.getConnection()) {
      return isBehindPooler(connection)
          ? inTransaction(connection, statement)
          : statement.on(connection);
    }
  }

  private static <T> T inTransaction(Connection connection, Work<T> statement) throws SQLException {
    connection.setAutoCommit(false);
    try {
      limitTransaction(connection);
      T answer = statement.on(connection);
      connection.commit();
      connection.setAutoCommit(true);
      return answer;
    } catch (Throwable thrown) {
      rollback(connection, thrown);
      throw thrown;
    }
  }

  /** What was thrown first is what tells; to switch back without a rollback would commit. */
  private static void rollback(Connection connection, Throwable thrown) {
    try {
      connection.rollback();
      connection.setAutoCommit(true);
    } catch (SQLException e) {
      thrown.addSuppressed(e);
    }
  }

  @Override
  public void onConnectionCreate(Connection connection) {
    try (Statement statement = connection.createStatement()) {
      PGConnection postgres = connection.unwrap(PGConnection.class);
      // First, so that not even the question leaves a prepared statement behind.
      int threshold = postgres.getPrepareThreshold();
      postgres.setPrepareThreshold(0);
      if (process(statement) == postgres.getBackendPID()) {
        statement.execute(LIMITS);
        postgres.setPrepareThreshold(threshold);
      } else if (!said.getAndSet(true)) {
        LOG.info("There is a pooler between this process and PostgreSQL; nothing is prepared.");
      }
    } catch (SQLException e) {
      // Stays as behind a pooler, which is always right. One that is broken will say so again.
      LOG.debug("A new connection did not answer", e);
    }
  }

  /** Called when the transaction has begun, and once for each. */
  @Override
  public void onConnectionAcquire(Connection connection) {
    try {
      if (!connection.getAutoCommit()) {
        limitTransaction(connection);
      }
    } catch (SQLException e) {
      // The pool would lose track of the connection; the transaction's next statement fails too.
      LOG.debug("A transaction begins without time limits", e);
    }
  }

  private static void limitTransaction(Connection connection) throws SQLException {
    if (isBehindPooler(connection)) {
      try (Statement statement = connection.createStatement()) {
        statement.execute(LIMITS_ONCE);
      }
    }
    if (IDLE_AT_MOST.isBound()) {
      try (PreparedStatement patience = connection.prepareStatement(PATIENCE)) {
        // PostgreSQL counts up to 24 days.
        patience.setString(1, Long.toString(Math.min(MOST, IDLE_AT_MOST.get().toMillis())));
        patience.execute();
      }
    }
  }

  /** Also true of a direct connection whose URL forbids prepared statements, which does no harm. */
  private static boolean isBehindPooler(Connection connection) throws SQLException {
    return connection.unwrap(PGConnection.class).getPrepareThreshold() == 0;
  }

  private static int process(Statement statement) throws SQLException {
    try (ResultSet row = statement.executeQuery(PROCESS)) {
      row.next();
      return row.getInt(1);
    }
  }

  /** What is done with a connection. */
  @FunctionalInterface
  public interface Work<T> {
    T on(Connection connection) throws SQLException;
  }
}
