package dev.trunkline.inspect;

import dev.trunkline.database.StoreException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/** Reads the workers that live, in the service and outside of it. */
@ApplicationScoped
public class WorkerReader {

  private final DataSource dataSource;

  WorkerReader(DataSource dataSource) {
    this.dataSource = dataSource;
  }

  /**
   * Workers, ordered by name.
   *
   * @param after only those behind this place; from the first one on where it is empty
   * @param limit workers at most, and one more where there are more
   */
  @Transactional
  public List<WorkerStatus> page(String after, int limit) {
    List<WorkerStatus> workers = new ArrayList<>();
    try (Connection connection = dataSource.getConnection();
        PreparedStatement list = connection.prepareStatement(WorkersSql.LIST)) {
      WorkersSql.bind(list, after, limit + 1);
      try (ResultSet rows = list.executeQuery()) {
        while (rows.next()) {
          workers.add(WorkersSql.read(rows));
        }
      }
      return workers;
    } catch (SQLException e) {
      throw new StoreException(e);
    }
  }
}
