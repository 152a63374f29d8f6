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
 * Deletes final tasks before their retention is over, with payload, result, history and tags; an
 * idempotency key is free afterwards.
 */
@ApplicationScoped
public class Forgetter {

  /** What belongs to the task goes with it, by the schema. */
  static final String FORGET =
      """
      delete from trunkline.task where id = ? and state <> 'open'
      """;

  private final DataSource dataSource;

  Forgetter(DataSource dataSource) {
    this.dataSource = dataSource;
  }

  /**
   * Deletes one task.
   *
   * @throws dev.trunkline.task.RefusedException where there is no such task, or it is not final
   */
  @Transactional
  public void forget(UUID task) {
    try (Connection connection = dataSource.getConnection();
        PreparedStatement forget = connection.prepareStatement(FORGET)) {
      TaskLock.take(connection, task);
      forget.setObject(1, task);
      if (forget.executeUpdate() == 0) {
        throw TaskLock.wrongState(connection, task, "succeeded, failed or cancelled");
      }
    } catch (SQLException e) {
      throw new StoreException(e);
    }
  }
}
