package dev.trunkline.remote;

import dev.trunkline.database.StoreException;
import dev.trunkline.task.TaskType;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;

/**
 * Makes types known that workers outside of the service run, so that tasks of them can be submitted
 * over HTTP and by SQL. Said once in the life of a process; whatever is known of a type already
 * stays, since a process that has the handler knows it better.
 */
@ApplicationScoped
public class TypeAnnouncer {

  /** In the order of the names, so that two processes do not wait for each other in a circle. */
  static final String ANNOUNCE =
      """
      with announced as materialized (
        select n.name, d.queue, d.priority, d.max_attempts, d.timeout
        from unnest(?::text[]) as n (name)
        cross join (select ?::text, ?::smallint, ?::int, ?::interval)
          as d (queue, priority, max_attempts, timeout)
        order by n.name
      ), new_queue as (
        insert into trunkline.queue (name)
        select distinct a.queue
        from announced a
        where not exists (select from trunkline.queue q where q.name = a.queue)
        on conflict do nothing
      )
      insert into trunkline.task_type (name, queue, priority, max_attempts, timeout, announced_at)
      select name, queue, priority, max_attempts, timeout, clock_timestamp() from announced
      on conflict (name) do nothing
      """;

  private static final int MOST_REMEMBERED = 10_000;

  /** What holds for the tasks of any such type that do not say otherwise. */
  private static final TaskType<Object, Object> DEFAULTS =
      TaskType.named("any", Object.class, Object.class);

  private final DataSource dataSource;
  private final Set<String> announced = ConcurrentHashMap.newKeySet();

  TypeAnnouncer(DataSource dataSource) {
    this.dataSource = dataSource;
  }

  /** Has the types known when it returns. */
  public void announce(List<String> types) {
    if (announced.containsAll(types)) {
      return;
    }
    insert(types);
    if (announced.size() > MOST_REMEMBERED) {
      announced.clear();
    }
    announced.addAll(types);
  }

  private void insert(List<String> types) {
    try (Connection connection = dataSource.getConnection();
        PreparedStatement insert = connection.prepareStatement(ANNOUNCE)) {
      insert.setArray(1, connection.createArrayOf("text", types.toArray()));
      insert.setString(2, DEFAULTS.queue());
      insert.setInt(3, DEFAULTS.priority());
      insert.setInt(4, DEFAULTS.maxAttempts());
      insert.setString(5, DEFAULTS.timeout().toString());
      insert.executeUpdate();
    } catch (SQLException e) {
      throw new StoreException(e);
    }
  }
}
