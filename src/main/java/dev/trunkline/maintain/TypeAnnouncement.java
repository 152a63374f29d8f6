package dev.trunkline.maintain;

import dev.trunkline.database.ArrayColumns;
import dev.trunkline.database.StoreException;
import dev.trunkline.task.HandlerRegistry;
import dev.trunkline.task.TaskHandler;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;

/**
 * Tells the database which types can run here, and what holds for their tasks by default: {@code
 * trunkline.submit} asks there. Said once, and again when another type has become able to run.
 */
@ApplicationScoped
class TypeAnnouncement {

  /** In the order of the names, so that two processes do not wait for each other in a circle. */
  static final String ANNOUNCE =
      """
      with announced as materialized (
        select * from unnest(?::text[], ?::text[], ?::smallint[], ?::int[], ?::interval[])
          as a (name, queue, priority, max_attempts, timeout)
        order by a.name
      ), new_queue as (
        insert into trunkline.queue (name)
        select distinct queue from announced
        order by queue
        on conflict do nothing
      )
      insert into trunkline.task_type (name, queue, priority, max_attempts, timeout, announced_at)
      select name, queue, priority, max_attempts, timeout, clock_timestamp() from announced
      on conflict (name) do update
      set queue = excluded.queue, priority = excluded.priority,
        max_attempts = excluded.max_attempts, timeout = excluded.timeout,
        announced_at = excluded.announced_at
      """;

  private final DataSource dataSource;
  private final HandlerRegistry handlers;
  private volatile List<String> announced = List.of();

  TypeAnnouncement(DataSource dataSource, HandlerRegistry handlers) {
    this.dataSource = dataSource;
    this.handlers = handlers;
  }

  /** True once there is nothing left that could become able to run. */
  boolean hasSaidAll() {
    return announced.containsAll(handlers.typeNames());
  }

  @Transactional
  void runOnce() {
    List<String> available = handlers.availableTypes();
    if (!announced.containsAll(available)) {
      announce(handlers.submittable().stream().filter(it -> it.unavailable().isEmpty()).toList());
      announced = available;
    }
  }

  private void announce(List<? extends TaskHandler<?, ?>> able) {
    try (Connection connection = dataSource.getConnection();
        PreparedStatement announce = connection.prepareStatement(ANNOUNCE)) {
      new ArrayColumns<TaskHandler<?, ?>>(announce, 1, able)
          .text(handler -> handler.type().name())
          .text(handler -> handler.type().queue())
          .int2(handler -> handler.type().priority())
          .int4(handler -> handler.type().maxAttempts())
          .text(handler -> handler.type().timeout().toString());
      announce.executeUpdate();
    } catch (SQLException e) {
      throw new StoreException(e);
    }
  }
}
