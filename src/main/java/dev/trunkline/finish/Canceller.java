package dev.trunkline.finish;

import dev.trunkline.database.StoreException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.UUID;
import javax.sql.DataSource;

/**
 * Cancels tasks. One that waits ends at once. One that runs ends when its attempt does: the worker
 * hears of it and interrupts the handler, and whatever ends the attempt then, be it the rescue of a
 * dead worker, makes the task {@code cancelled}; unless it was a success, which came first.
 */
@ApplicationScoped
public class Canceller {

  private final DataSource dataSource;

  /** Called where a cancellation has brought a callback into being. */
  private final Runnable callbacksMade;

  @Inject
  Canceller(DataSource dataSource, CallbackWake wake) {
    this(dataSource, wake::afterCommit);
  }

  Canceller(DataSource dataSource) {
    this(dataSource, () -> {});
  }

  private Canceller(DataSource dataSource, Runnable callbacksMade) {
    this.dataSource = dataSource;
    this.callbacksMade = callbacksMade;
  }

  /**
   * Cancels a task that has not ended.
   *
   * @return true where it is cancelled now, false where its running attempt is told to stop
   * @throws dev.trunkline.task.RefusedException where there is no such task, or it is final
   */
  @Transactional
  public boolean cancel(UUID task) {
    try (Connection connection = dataSource.getConnection()) {
      if (!TaskLock.take(connection, task).equals("open")) {
        throw TaskLock.wrongState(connection, task, "scheduled, queued or running");
      }
      if (cancelWaiting(connection, task)) {
        return true;
      }
      request(connection, task);
      return false;
    } catch (SQLException e) {
      throw new StoreException(e);
    }
  }

  private boolean cancelWaiting(Connection connection, UUID task) throws SQLException {
    try (PreparedStatement cancel = connection.prepareStatement(CancelSql.CANCEL_WAITING)) {
      cancel.setObject(1, task);
      try (ResultSet row = cancel.executeQuery()) {
        boolean cancelled = row.next();
        if (cancelled && row.getBoolean("calls_back")) {
          callbacksMade.run();
        }
        return cancelled;
      }
    }
  }

  private static void request(Connection connection, UUID task) throws SQLException {
    try (PreparedStatement request = connection.prepareStatement(CancelSql.REQUEST)) {
      request.setObject(1, task);
      request.executeUpdate();
    }
  }
}
