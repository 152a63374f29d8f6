package dev.trunkline.maintain;

import dev.trunkline.claim.Claimer;
import dev.trunkline.claim.WorkerRegistration;
import dev.trunkline.database.StoreException;
import dev.trunkline.execute.RunningAttempts;
import dev.trunkline.execute.WorkerIdentity;
import dev.trunkline.finish.AttemptEnd;
import dev.trunkline.finish.AttemptEnd.Kind;
import dev.trunkline.finish.AttemptEnd.Setback;
import dev.trunkline.finish.AttemptEndWriter;
import dev.trunkline.finish.Ran;
import dev.trunkline.task.AttemptToken;
import dev.trunkline.task.TasksReady;
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
import java.util.UUID;
import javax.sql.DataSource;
import org.jboss.logging.Logger;

/**
 * Gives back what this worker has leased and does not run: a claim whose commit arrived and whose
 * answer did not, or an attempt whose end could not be written. Nobody else would, for the worker
 * lives. With them go the leases that nobody counts to their end any more.
 */
@ApplicationScoped
class StrayAttempts {

  /**
   * The open attempts of this worker's leases. Only of those whose claim has failed here, and of
   * those older than any claim can be under way ({@code statement_timeout}, which its transaction
   * has behind a pooler too, and {@code socketTimeout}): so none is given back whose answer is
   * still to come. Task by task, by the limit that no planner joins away.
   */
  static final String LEASED =
      """
      select member.task_id, member.attempt, l.started_at
      from trunkline.lease l
      cross join unnest(l.task_ids, l.attempts) as member (task_id, attempt)
      cross join lateral (
        select from trunkline.task t
        where t.id = member.task_id and t.attempt = member.attempt and t.state = 'open'
        limit 1) t
      where l.worker_id = ?
        and (l.id = any(?) or l.started_at < statement_timestamp() - interval '1 minute')
      """;

  /** Leases of this worker of which no attempt is open. */
  static final String DISCARD_SETTLED =
      """
      delete from trunkline.lease
      where id = any(array(
        select l.id
        from trunkline.lease l
        where l.worker_id = ?
          and l.started_at < statement_timestamp() - interval '1 minute'
          and not exists (
            select from unnest(l.task_ids, l.attempts) as member (task_id, attempt)
            cross join lateral (
              select from trunkline.task t
              where t.id = member.task_id and t.attempt = member.attempt and t.state = 'open'
              limit 1) t)
        for update skip locked))
      """;

  private static final Logger LOG = Logger.getLogger(StrayAttempts.class);

  private final DataSource dataSource;
  private final WorkerRegistration registration;
  private final Claimer claimer;
  private final RunningAttempts running;
  private final AttemptEndWriter ends;
  private final Event<TasksReady> ready;

  StrayAttempts(
      DataSource dataSource,
      WorkerRegistration registration,
      Claimer claimer,
      RunningAttempts running,
      AttemptEndWriter ends,
      Event<TasksReady> ready) {
    this.dataSource = dataSource;
    this.registration = registration;
    this.claimer = claimer;
    this.running = running;
    this.ends = ends;
    this.ready = ready;
  }

  void runOnce() {
    registration.current().ifPresent(this::giveBack);
    registration.current().ifPresent(this::discardSettled);
  }

  /** The same, where a claim has failed here, and may have taken something all the same. */
  void runAfterFailedClaims() {
    if (!claimer.unanswered().isEmpty()) {
      runOnce();
    }
  }

  private void discardSettled(WorkerIdentity worker) {
    try (Connection connection = dataSource.getConnection();
        PreparedStatement discard = connection.prepareStatement(DISCARD_SETTLED)) {
      discard.setObject(1, worker.id());
      discard.executeUpdate();
    } catch (SQLException e) {
      throw new StoreException(e);
    }
  }

  private void giveBack(WorkerIdentity worker) {
    // Asked first and compared afterwards: an attempt that ends in between is released in vain.
    List<AttemptEnd> strays =
        leased(worker).stream().filter(end -> !running.contains(end.ran().token())).toList();
    if (!strays.isEmpty()) {
      int released = ends.write(strays, List.of()).size();
      if (released > 0) {
        LOG.warnf(
            "%d tasks were leased to this worker and not run; they are given back.", released);
        ready.fire(new TasksReady(true));
      }
    }
  }

  private List<AttemptEnd> leased(WorkerIdentity worker) {
    List<AttemptEnd> leased = new ArrayList<>();
    try (Connection connection = dataSource.getConnection();
        PreparedStatement ask = connection.prepareStatement(LEASED)) {
      ask.setObject(1, worker.id());
      ask.setArray(2, connection.createArrayOf("uuid", claimer.unanswered().toArray()));
      try (ResultSet rows = ask.executeQuery()) {
        while (rows.next()) {
          leased.add(release(rows, worker));
        }
      }
      return leased;
    } catch (SQLException e) {
      throw new StoreException(e);
    }
  }

  private static Setback release(ResultSet row, WorkerIdentity worker) throws SQLException {
    AttemptToken token = new AttemptToken(row.getObject(1, UUID.class), row.getInt(2));
    Ran ran = new Ran(token, worker.name(), row.getObject(3, OffsetDateTime.class).toInstant());
    return new Setback(ran, Kind.RELEASED, "Given back: never run.", true, Duration.ZERO);
  }
}
