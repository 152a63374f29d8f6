package dev.trunkline.inspect;

import dev.trunkline.database.StoreException;
import dev.trunkline.inspect.QueueStatus.Depth;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.TreeMap;
import javax.sql.DataSource;

/**
 * The last exact count of all queues, kept for those who cannot wait for one: with millions of
 * tasks it takes a second. Thread-safe.
 */
@ApplicationScoped
public class QueueCounts {

  private final DataSource dataSource;
  private volatile Map<String, Counted> last = Map.of();

  QueueCounts(DataSource dataSource) {
    this.dataSource = dataSource;
  }

  /** Counts, and keeps what it has counted. */
  public Map<String, Counted> refresh() {
    Map<String, Counted> counts = new TreeMap<>();
    try (Connection connection = dataSource.getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(QueuesSql.COUNT_ALL)) {
      while (rows.next()) {
        counts.put(rows.getString("name"), read(rows));
      }
    } catch (SQLException e) {
      throw new StoreException(e);
    }
    last = counts;
    return counts;
  }

  /** By queue; empty before the first count. */
  Map<String, Counted> last() {
    return last;
  }

  private static Counted read(ResultSet row) throws SQLException {
    return new Counted(
        QueuesSql.depth(row),
        row.getDouble("oldest"),
        row.getObject("counted_at", OffsetDateTime.class).toInstant());
  }

  /**
   * What was counted of a queue.
   *
   * @param oldestDueSeconds how long the oldest due task had been waiting; zero where none was due
   */
  public record Counted(Depth depth, double oldestDueSeconds, Instant at) {}
}
