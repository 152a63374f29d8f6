package dev.trunkline.inspect;

import dev.trunkline.database.StoreException;
import dev.trunkline.task.Task;
import dev.trunkline.task.TaskFilter;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;

/**
 * Lists tasks, the newest first, in a time that does not depend on how many there are. A walk of an
 * index says which may be meant, and a look at those which are. Both are bounded for one page: so
 * where few of many are meant, a page may be short although there are more.
 */
@ApplicationScoped
public class TaskLister {

  /** Larger than every id. */
  private static final UUID BEYOND_ALL = new UUID(-1, -1);

  private final DataSource dataSource;

  TaskLister(DataSource dataSource) {
    this.dataSource = dataSource;
  }

  /**
   * A page of whole tasks; it also ends where its payloads and results have become very long.
   *
   * @param limit tasks at most
   * @param below where it begins: only tasks with smaller ids
   */
  @Transactional
  public TaskPage<Task> page(TaskFilter filter, int limit, Optional<UUID> below) {
    try (Connection connection = dataSource.getConnection()) {
      return new PageReader(connection, filter).tasks(limit, start(filter, below));
    } catch (SQLException e) {
      throw new StoreException(e);
    }
  }

  /** As {@link #page}, but only ids. */
  @Transactional
  public TaskPage<UUID> ids(TaskFilter filter, int limit, Optional<UUID> below) {
    try (Connection connection = dataSource.getConnection()) {
      return new PageReader(connection, filter).ids(limit, start(filter, below));
    } catch (SQLException e) {
      throw new StoreException(e);
    }
  }

  private static UUID start(TaskFilter filter, Optional<UUID> below) {
    return below.orElseGet(() -> filter.createdBefore().map(IdTimes::after).orElse(BEYOND_ALL));
  }
}
