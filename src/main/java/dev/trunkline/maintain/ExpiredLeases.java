package dev.trunkline.maintain;

import dev.trunkline.config.TrunklineConfig;
import dev.trunkline.database.StoreException;
import dev.trunkline.finish.AttemptEnd;
import dev.trunkline.finish.AttemptEnd.Kind;
import dev.trunkline.finish.AttemptEnd.Setback;
import dev.trunkline.finish.AttemptEndWriter;
import dev.trunkline.finish.Ran;
import dev.trunkline.task.AttemptToken;
import dev.trunkline.task.RetryPolicy;
import dev.trunkline.task.TasksReady;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.random.RandomGenerator;
import javax.sql.DataSource;
import org.jboss.logging.Logger;

/**
 * Ends the attempts of workers outside of the service whose leases are over: as timed out where it
 * was the task's timeout that ended them, else as lost. In one transaction it takes the leases and
 * ends exactly those attempts that are still open.
 */
@ApplicationScoped
class ExpiredLeases {

  private static final Logger LOG = Logger.getLogger(ExpiredLeases.class);

  private final RandomGenerator random = RandomGenerator.getDefault();
  private final DataSource dataSource;
  private final AttemptEndWriter ends;
  private final Event<TasksReady> ready;
  private final Counter rescues;
  private final RetryPolicy suspicion;

  ExpiredLeases(
      DataSource dataSource,
      AttemptEndWriter ends,
      Event<TasksReady> ready,
      MeterRegistry meters,
      TrunklineConfig config) {
    this.dataSource = dataSource;
    this.ends = ends;
    this.ready = ready;
    this.suspicion = Rescuer.suspicion(config);
    this.rescues = Rescuer.rescues(meters);
  }

  /** Until nothing is left; each turn is a transaction of its own. */
  void runUntilDone() {
    boolean any = false;
    while (QuarkusTransaction.requiringNew().call(this::runOnce)) {
      any = true;
    }
    if (any) {
      ready.fire(new TasksReady(true));
    }
  }

  /** True where something was put back, and there may be more. */
  boolean runOnce() {
    List<AttemptEnd> over = take();
    Set<AttemptToken> ended = over.isEmpty() ? Set.of() : ends.write(over, List.of());
    rescues.increment(ended.size());
    ended.forEach(
        token ->
            LOG.infof(
                "Task %s: the lease of attempt %d is over.", token.taskId(), token.attempt()));
    return !over.isEmpty();
  }

  private List<AttemptEnd> take() {
    try (Connection connection = dataSource.getConnection();
        PreparedStatement take = connection.prepareStatement(RescueSql.TAKE_EXPIRED);
        ResultSet rows = take.executeQuery()) {
      List<AttemptEnd> over = new ArrayList<>();
      while (rows.next()) {
        over.add(rows.getBoolean("timed_out") ? timedOut(rows) : lost(rows));
      }
      return over;
    } catch (SQLException e) {
      throw new StoreException(e);
    }
  }

  private Setback timedOut(ResultSet row) throws SQLException {
    Duration timeout = Duration.ofNanos(Math.round(row.getDouble("timeout") * 1e9));
    String reason = "The attempt took longer than " + timeout + ".";
    Duration delay = RetryPolicy.DEFAULT.delayAfter(row.getInt("failures") + 1, random);
    return new Setback(ran(row), Kind.TIMED_OUT, reason, true, delay);
  }

  private Setback lost(ResultSet row) throws SQLException {
    Ran ran = ran(row);
    String reason = "The worker " + ran.worker() + " was not heard of until its lease was over.";
    int before = row.getInt("lost_before");
    Duration delay = before == 0 ? Duration.ZERO : suspicion.delayAfter(before, random);
    return new Setback(ran, Kind.WORKER_LOST, reason, true, delay);
  }

  private static Ran ran(ResultSet row) throws SQLException {
    AttemptToken token =
        new AttemptToken(row.getObject("task_id", UUID.class), row.getInt("attempt"));
    OffsetDateTime started = row.getObject("started_at", OffsetDateTime.class);
    return new Ran(token, row.getString("worker"), started.toInstant());
  }
}
