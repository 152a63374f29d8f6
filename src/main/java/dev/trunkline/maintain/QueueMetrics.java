package dev.trunkline.maintain;

import dev.trunkline.database.StoreException;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/**
 * Counts of tasks by queue and state, and the age of the oldest due one. They are the same on every
 * replica, so that a dashboard takes the maximum. The longer the counting took, the more seldom it
 * is done: at most a twentieth of the time.
 */
@ApplicationScoped
class QueueMetrics {

  static final String COUNT =
      """
      select q.name, coalesce(r.scheduled, 0) as scheduled, coalesce(r.queued, 0) as queued,
        coalesce(l.running, 0) as running, coalesce(u.failed, 0) as failed,
        coalesce(u.cancelled, 0) as cancelled, coalesce(r.oldest, 0) as oldest
      from trunkline.queue q
      left join (
        select queue, count(*) filter (where due > statement_timestamp()) as scheduled,
          count(*) filter (where due <= statement_timestamp()) as queued,
          extract(epoch from greatest(statement_timestamp() - min(due), interval '0')) as oldest
        from trunkline.ready
        group by queue) r on r.queue = q.name
      left join (
        select t.queue, count(*) as running
        from (
          select member.task_id, member.attempt
          from trunkline.lease l
          cross join unnest(l.task_ids, l.attempts) as member (task_id, attempt)
          union all
          select task_id, attempt from trunkline.remote_lease) as held
        join trunkline.task t
          on t.id = held.task_id and t.attempt = held.attempt and t.state = 'open'
        group by t.queue) l on l.queue = q.name
      left join (
        select queue, count(*) filter (where state = 'failed') as failed,
          count(*) filter (where state = 'cancelled') as cancelled
        from trunkline.unsuccessful
        group by queue) u on u.queue = q.name
      """;

  private static final List<String> STATES =
      List.of("scheduled", "queued", "running", "failed", "cancelled");
  private static final int SHARE = 20;

  private final DataSource dataSource;
  private final MultiGauge tasks;
  private final MultiGauge oldestDue;
  private long nextNanos = System.nanoTime();

  QueueMetrics(DataSource dataSource, MeterRegistry meters) {
    this.dataSource = dataSource;
    this.tasks =
        MultiGauge.builder("trunkline.tasks")
            .description("Tasks by queue and state; succeeded ones are counted as attempts")
            .register(meters);
    this.oldestDue =
        MultiGauge.builder("trunkline.queue.oldest.due.age")
            .description("How long the oldest due task has been waiting")
            .baseUnit("seconds")
            .register(meters);
  }

  synchronized void runOnce() {
    if (System.nanoTime() - nextNanos < 0) {
      return;
    }
    long start = System.nanoTime();
    try {
      count();
    } finally {
      Duration pause = Duration.ofNanos(System.nanoTime() - start).multipliedBy(SHARE);
      nextNanos = System.nanoTime() + pause.toNanos();
    }
  }

  private void count() {
    List<Row<?>> counts = new ArrayList<>();
    List<Row<?>> ages = new ArrayList<>();
    try (Connection connection = dataSource.getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(COUNT)) {
      while (rows.next()) {
        Tags queue = Tags.of("queue", rows.getString("name"));
        for (String state : STATES) {
          counts.add(Row.of(queue.and("state", state), rows.getLong(state)));
        }
        ages.add(Row.of(queue, rows.getDouble("oldest")));
      }
    } catch (SQLException e) {
      throw new StoreException(e);
    }
    tasks.register(counts, true);
    oldestDue.register(ages, true);
  }
}
