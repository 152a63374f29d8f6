package dev.trunkline.finish;

import dev.trunkline.task.Refusal;
import dev.trunkline.task.RefusedException;
import dev.trunkline.task.TaskState;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.UUID;

/**
 * Locks a task before a client's wish is done to it, so that nobody ends, retries or deletes it
 * meanwhile. What is asked afterwards has to be another statement, whose snapshot begins after the
 * lock.
 */
final class TaskLock {

  static final String LOCK =
      """
      select state from trunkline.task where id = ? for update
      """;

  static final String STATE =
      """
      select state from trunkline.task_status where id = ?
      """;

  private TaskLock() {}

  /**
   * The state as the table holds it, {@code open} for all that are not final.
   *
   * @throws RefusedException where there is no such task
   */
  static String take(Connection connection, UUID task) throws SQLException {
    return state(connection, LOCK, task);
  }

  /** The refusal of a wish that the task's state does not allow. */
  static RefusedException wrongState(Connection connection, UUID task, String wanted)
      throws SQLException {
    TaskState state = TaskState.of(state(connection, STATE, task));
    return new Refusal.WrongState(task, state, wanted).exception();
  }

  private static String state(Connection connection, String sql, UUID task) throws SQLException {
    try (PreparedStatement ask = connection.prepareStatement(sql)) {
      ask.setObject(1, task);
      try (ResultSet row = ask.executeQuery()) {
        if (!row.next()) {
          throw new Refusal.NoSuchTask(task.toString()).exception();
        }
        return row.getString(1);
      }
    }
  }
}
