package dev.trunkline.callback;

import dev.trunkline.task.TaskState;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The statements about deliveries. */
final class DeliverySql {

  /** Of everything that a task was told by, the newest hundred. */
  static final String LIST =
      """
      select s.id, d.task_id, d.finished_at as final_since, k.payload ->> 'url' as url, s.state,
        s.attempt, s.max_attempts, s.error, s.created_at, s.run_at, s.finished_at
      from trunkline.callback_delivery d
      join trunkline.task_status s on s.id = d.delivery_id
      join trunkline.task k on k.id = d.delivery_id
      where d.task_id = ?
      order by d.delivery_id desc
      limit 100
      """;

  /** What a delivery delivers, and the time. */
  static final String FIND =
      """
      select d.task_id, d.finished_at as final_since,
        extract(epoch from statement_timestamp())::bigint as now
      from trunkline.callback_delivery d
      where d.delivery_id = ?
      """;

  /** Before {@link #AGAIN}, so that nobody retries or deletes the task meanwhile. */
  static final String LOCK =
      """
      select from trunkline.task where id = ? for no key update
      """;

  /** Makes another delivery of a final state, or none and says why. */
  static final String AGAIN =
      """
      select
        case when t.state = 'open'
          then (select s.state from trunkline.task_status s where s.id = t.id) end as open,
        case when t.state <> 'open' and t.callback_url is not null
          then trunkline.call_back(t.id, t.callback_url, t.finished_at, t.traceparent) end as id
      from trunkline.task t
      where t.id = ?
      """;

  private DeliverySql() {}

  static DeliveryStatus status(ResultSet row) throws SQLException {
    return new DeliveryStatus(
        row.getObject("id", UUID.class),
        delivery(row),
        row.getString("url"),
        TaskState.of(row.getString("state")),
        row.getInt("attempt"),
        row.getInt("max_attempts"),
        row.getString("error"),
        time(row, "created_at"),
        time(row, "run_at"),
        timeOrNull(row, "finished_at"));
  }

  static Delivery delivery(ResultSet row) throws SQLException {
    return new Delivery(row.getObject("task_id", UUID.class), time(row, "final_since"));
  }

  private static Instant time(ResultSet row, String column) throws SQLException {
    return row.getObject(column, OffsetDateTime.class).toInstant();
  }

  private static @Nullable Instant timeOrNull(ResultSet row, String column) throws SQLException {
    OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }
}
