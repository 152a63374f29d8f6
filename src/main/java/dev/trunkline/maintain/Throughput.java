package dev.trunkline.maintain;

import dev.trunkline.database.ArrayColumns;
import dev.trunkline.database.StoreException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Tells the database how many attempts this process has ended within the last minute, by queue,
 * from the same counters as the metrics. Each process writes rows of its own, so that nobody waits
 * for anybody, and readers add them up; while nothing ends, nothing is written.
 */
@ApplicationScoped
class Throughput {

  /** Calls in a minute, {@link Maintenance} makes one in five seconds. */
  static final int CALLS = 12;

  /** Also forgets what processes have left behind that are gone. */
  static final String WRITE =
      """
      with measured as materialized (
        select * from unnest(?::text[], ?::int[], ?::int[]) as m (queue, attempts, succeeded)
        order by queue
      ), process as materialized (
        select ?::uuid as id
      ), ended as (
        delete from trunkline.throughput
        where ctid = any(array(
          select t.ctid from trunkline.throughput t
          where t.process = (select id from process)
              and t.queue not in (select queue from measured)
            or t.measured_at < statement_timestamp() - interval '1 hour'
          for update skip locked))
      )
      insert into trunkline.throughput as t (process, queue, attempts, succeeded, measured_at)
      select p.id, m.queue, m.attempts, m.succeeded, clock_timestamp()
      from measured m cross join process p
      on conflict (process, queue) do update
      set attempts = excluded.attempts, succeeded = excluded.succeeded,
        measured_at = excluded.measured_at
      """;

  private final UUID process = UUID.randomUUID();
  private final DataSource dataSource;
  private final MeterRegistry meters;
  private final Deque<Map<String, Ended>> minute = new ArrayDeque<>();
  private boolean written;

  Throughput(DataSource dataSource, MeterRegistry meters) {
    this.dataSource = dataSource;
    this.meters = meters;
  }

  synchronized void runOnce() {
    Map<String, Ended> now = count();
    Map<String, Ended> before = minute.size() < CALLS ? Map.of() : minute.removeFirst();
    minute.addLast(now);
    Map<String, Ended> within = new TreeMap<>();
    now.forEach((queue, ended) -> within.put(queue, ended.minus(before.get(queue))));
    within.values().removeIf(ended -> ended.attempts() == 0);
    if (!within.isEmpty() || written) {
      write(within);
      written = !within.isEmpty();
    }
  }

  private Map<String, Ended> count() {
    Map<String, Ended> ended = new TreeMap<>();
    for (Counter counter : meters.find("trunkline.attempts").counters()) {
      String queue = counter.getId().getTag("queue");
      String outcome = counter.getId().getTag("outcome");
      if (queue != null && outcome != null && !outcome.equals("lease-lost")) {
        long attempts = (long) counter.count();
        ended.merge(
            queue, new Ended(attempts, outcome.equals("succeeded") ? attempts : 0), Ended::plus);
      }
    }
    return ended;
  }

  private void write(Map<String, Ended> within) {
    List<Map.Entry<String, Ended>> rows = List.copyOf(within.entrySet());
    try (Connection connection = dataSource.getConnection();
        PreparedStatement write = connection.prepareStatement(WRITE)) {
      new ArrayColumns<Map.Entry<String, Ended>>(write, 1, rows)
          .text(Map.Entry::getKey)
          .int4(row -> Math.toIntExact(row.getValue().attempts()))
          .int4(row -> Math.toIntExact(row.getValue().succeeded()));
      write.setObject(4, process);
      write.executeUpdate();
    } catch (SQLException e) {
      throw new StoreException(e);
    }
  }

  /** Attempts that have ended, and how many of them succeeded. */
  private record Ended(long attempts, long succeeded) {

    Ended plus(Ended other) {
      return new Ended(attempts + other.attempts, succeeded + other.succeeded);
    }

    Ended minus(@Nullable Ended other) {
      return other == null
          ? this
          : new Ended(attempts - other.attempts, succeeded - other.succeeded);
    }
  }
}
