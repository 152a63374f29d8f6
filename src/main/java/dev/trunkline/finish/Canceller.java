package dev.trunkline.finish;

import dev.trunkline.database.StoreException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.sql.Connection;
import java.sql.PreparedStatement;
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

  Canceller(DataSource dataSource) {
    this.dataSource = dataSource;
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
      if (update(connection, CancelSql.CANCEL_WAITING, task) == 1) {
        return true;
      }
      update(connection, CancelSql.REQUEST, task);
      return false;
    } catch (SQLException e) {
      throw new StoreException(e);
    }
  }

  private static int update(Connection connection, String sql, UUID task) throws SQLException {
    try (PreparedStatement update = connection.prepareStatement(sql)) {
      update.setObject(1, task);
      return update.executeUpdate();
    }
  }
}
