package dev.trunkline.inspect;

import dev.trunkline.database.StoreException;
import dev.trunkline.inspect.QueueCounts.Counted;
import dev.trunkline.inspect.QueueStatus.Depth;
import dev.trunkline.task.Refusal;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/**
 * Reads queues. Their depths are counted at that moment, as far as that goes quickly; a number
 * beyond that is the one of the last count of {@link QueueCounts}, and says of when that is.
 */
@ApplicationScoped
public class QueueReader {

  /** Tasks of each state that are counted at once for a single queue. */
  static final int MOST = 10_000;

  /** The same for all queues of a page together, and the least for each. */
  static final int MOST_OF_ALL = 20_000;

  private static final int LEAST = 20;

  private final DataSource dataSource;
  private final QueueCounts counts;

  QueueReader(DataSource dataSource, QueueCounts counts) {
    this.dataSource = dataSource;
    this.counts = counts;
  }

  /**
   * Queues, ordered by name.
   *
   * @param after only those behind this name; from the first one on where it is empty
   * @param limit queues at most, and one more where there are more
   */
  @Transactional
  public List<QueueStatus> page(String after, int limit) {
    try (Connection connection = dataSource.getConnection()) {
      int most = share(connection, limit);
      return look(connection, look -> QueuesSql.bindPage(look, after, limit + 1, most), most);
    } catch (SQLException e) {
      throw new StoreException(e);
    }
  }

  /**
   * One queue.
   *
   * @throws dev.trunkline.task.RefusedException where there is none of that name
   */
  @Transactional
  public QueueStatus one(String name) {
    try (Connection connection = dataSource.getConnection()) {
      return look(connection, look -> QueuesSql.bindOne(look, name, MOST), MOST).stream()
          .findFirst()
          .orElseThrow(() -> new Refusal.NoSuchQueue(name).exception());
    } catch (SQLException e) {
      throw new StoreException(e);
    }
  }

  private static int share(Connection connection, int limit) throws SQLException {
    try (Statement ask = connection.createStatement();
        ResultSet row = ask.executeQuery(QueuesSql.NUMBER)) {
      row.next();
      long shown = Math.clamp(row.getLong(1), 1, limit);
      return Math.clamp(MOST_OF_ALL / shown, LEAST, MOST);
    }
  }

  private List<QueueStatus> look(Connection connection, Binder binder, int most)
      throws SQLException {
    List<QueueStatus> queues = new ArrayList<>();
    try (PreparedStatement look = connection.prepareStatement(QueuesSql.LOOK)) {
      binder.bind(look);
      try (ResultSet rows = look.executeQuery()) {
        while (rows.next()) {
          QueueStatus queue = QueuesSql.read(rows);
          queues.add(queue.depth().reaches(most) ? asLastCounted(queue, most) : queue);
        }
      }
    }
    return queues;
  }

  /** What reaches the bound is by the last count, unless that has not found as many. */
  private QueueStatus asLastCounted(QueueStatus queue, int most) {
    Counted counted = counts.last().get(queue.name());
    if (counted == null) {
      return queue.withDepth(queue.depth(), queue.countedAt(), true);
    }
    Depth depth = queue.depth().beyond(most, counted.depth());
    return queue.withDepth(depth, counted.at(), depth.isAt(most));
  }

  /** Says which queues are meant. */
  @FunctionalInterface
  private interface Binder {
    void bind(PreparedStatement statement) throws SQLException;
  }
}
