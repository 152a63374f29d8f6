package dev.trunkline.claim;

import dev.trunkline.database.StoreException;
import dev.trunkline.task.Refusal;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import javax.sql.DataSource;

/**
 * Pauses queues, and has them go on. What runs goes on; an attempt begins with its claim, and none
 * begins after a pause has returned, on any replica: a pause waits for the claims under way, and
 * those that come later see it.
 */
@ApplicationScoped
public class Pauser {

  private final DataSource dataSource;

  Pauser(DataSource dataSource) {
    this.dataSource = dataSource;
  }

  /**
   * No attempt begins from here on. Of a queue that is paused already, the time stays.
   *
   * @throws StoreException also where a claim does not end: then nothing is paused
   */
  @Transactional
  public void pause(String queue) {
    try (Connection connection = dataSource.getConnection()) {
      ask(connection, PauseSql.PATIENCE);
      update(connection, PauseSql.PAUSE, queue);
      ask(connection, PauseSql.AWAIT_CLAIMS);
    } catch (SQLException e) {
      throw new StoreException(e);
    }
  }

  /**
   * Attempts may begin again, once somebody wakes the dispatchers.
   *
   * @throws dev.trunkline.task.RefusedException where there is no such queue
   */
  @Transactional
  public void resume(String queue) {
    try (Connection connection = dataSource.getConnection()) {
      if (update(connection, PauseSql.RESUME, queue) == 0) {
        throw new Refusal.NoSuchQueue(queue).exception();
      }
    } catch (SQLException e) {
      throw new StoreException(e);
    }
  }

  private static int update(Connection connection, String sql, String queue) throws SQLException {
    try (PreparedStatement update = connection.prepareStatement(sql)) {
      update.setString(1, queue);
      return update.executeUpdate();
    }
  }

  private static void ask(Connection connection, String sql) throws SQLException {
    try (PreparedStatement ask = connection.prepareStatement(sql)) {
      ask.execute();
    }
  }
}
