package dev.trunkline.finish;

import dev.trunkline.database.StoreException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;

/**
 * Has tasks that failed or were cancelled run again, with a fresh budget of attempts. Their history
 * stays, and the numbers of their attempts go on, since {@code (id, attempt)} fences.
 */
@ApplicationScoped
public class Retrier {

  private static final String WANTED = "failed or cancelled";

  private final DataSource dataSource;

  Retrier(DataSource dataSource) {
    this.dataSource = dataSource;
  }

  /**
   * Retries one task.
   *
   * @throws dev.trunkline.task.RefusedException where there is no such task, or its state is
   *     another one
   */
  @Transactional
  public void retry(UUID task) {
    try (Connection connection = dataSource.getConnection()) {
      TaskLock.take(connection, task);
      if (revive(connection, List.of(task)) == 0) {
        throw TaskLock.wrongState(connection, task, WANTED);
      }
    } catch (SQLException e) {
      throw new StoreException(e);
    }
  }

  /**
   * Retries those of the tasks that failed or were cancelled, and leaves the others.
   *
   * @return how many
   */
  @Transactional
  public int retryAll(Collection<UUID> tasks) {
    try (Connection connection = dataSource.getConnection()) {
      return revive(connection, lock(connection, tasks));
    } catch (SQLException e) {
      throw new StoreException(e);
    }
  }

  private static List<UUID> lock(Connection connection, Collection<UUID> tasks)
      throws SQLException {
    List<UUID> locked = new ArrayList<>(tasks.size());
    try (PreparedStatement lock = connection.prepareStatement(RetrySql.LOCK)) {
      lock.setArray(1, connection.createArrayOf("uuid", tasks.toArray()));
      try (ResultSet rows = lock.executeQuery()) {
        while (rows.next()) {
          locked.add(rows.getObject(1, UUID.class));
        }
      }
    }
    return locked;
  }

  private static int revive(Connection connection, List<UUID> locked) throws SQLException {
    try (PreparedStatement revive = connection.prepareStatement(RetrySql.REVIVE)) {
      revive.setArray(1, connection.createArrayOf("uuid", locked.toArray()));
      return revive.executeUpdate();
    }
  }
}
