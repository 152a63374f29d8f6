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
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
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
 * Puts the tasks of dead workers back. In one transaction it takes their leases and ends exactly
 * those attempts that are still open under the leased number: what was finished in the meantime
 * stays finished.
 *
 * <p>A task that loses its worker is due again at once. One that has lost workers before may be
 * what kills them, and would take one process after the other with it, and the attempts of all that
 * runs beside it: so it waits, each time longer, and has company by chance only.
 */
@ApplicationScoped
class Rescuer {

  private static final Logger LOG = Logger.getLogger(Rescuer.class);

  private static final Duration LONGEST_WAIT = Duration.ofMinutes(10);

  private final RandomGenerator random = RandomGenerator.getDefault();
  private final DataSource dataSource;
  private final AttemptEndWriter ends;
  private final Counter rescues;
  private final RetryPolicy suspicion;

  Rescuer(
      DataSource dataSource, AttemptEndWriter ends, MeterRegistry meters, TrunklineConfig config) {
    this.dataSource = dataSource;
    this.ends = ends;
    this.suspicion = suspicion(config);
    this.rescues = rescues(meters);
  }

  /** How long a task waits that has lost workers before. */
  static RetryPolicy suspicion(TrunklineConfig config) {
    // The first wait still falls within the lease in which the loss is noticed.
    return new RetryPolicy(config.lease().duration().dividedBy(8), LONGEST_WAIT);
  }

  static Counter rescues(MeterRegistry meters) {
    return Counter.builder("trunkline.attempts.rescued")
        .description("Attempts of lost workers that this process has ended")
        .register(meters);
  }

  /**
   * Until nothing is left; each turn is a transaction of its own.
   *
   * @return whether there was anything
   */
  boolean runUntilDone() {
    QuarkusTransaction.requiringNew().run(this::declareDead);
    boolean any = false;
    while (QuarkusTransaction.requiringNew().call(this::runOnce)) {
      any = true;
    }
    return any;
  }

  /** True where something was put back, and there may be more. */
  boolean runOnce() {
    try (Connection connection = dataSource.getConnection()) {
      List<AttemptEnd> lost = takeLeases(connection);
      Set<AttemptToken> rescued = ends.write(lost, List.of());
      rescues.increment(rescued.size());
      rescued.forEach(
          token -> LOG.infof("Task %s: attempt %d was lost.", token.taskId(), token.attempt()));
      return !lost.isEmpty();
    } catch (SQLException e) {
      throw new StoreException(e);
    }
  }

  @Transactional
  void forgetDead() {
    try (Connection connection = dataSource.getConnection();
        Statement statement = connection.createStatement()) {
      statement.executeUpdate(RescueSql.FORGET_DEAD);
      statement.executeUpdate(RescueSql.FORGET_REMOTE);
    } catch (SQLException e) {
      throw new StoreException(e);
    }
  }

  /** From here on the heartbeats of those workers fail, and their claims find nothing. */
  void declareDead() {
    try (Connection connection = dataSource.getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(RescueSql.DECLARE_DEAD)) {
      while (rows.next()) {
        LOG.warnf("Worker %s has not been heard of for too long: it is dead.", rows.getString(1));
      }
    } catch (SQLException e) {
      throw new StoreException(e);
    }
  }

  private List<AttemptEnd> takeLeases(Connection connection) throws SQLException {
    List<AttemptEnd> lost = new ArrayList<>();
    try (PreparedStatement take = connection.prepareStatement(RescueSql.TAKE_LEASES);
        ResultSet rows = take.executeQuery()) {
      while (rows.next()) {
        lost.add(lost(rows));
      }
    }
    return lost;
  }

  private Setback lost(ResultSet row) throws SQLException {
    AttemptToken token = new AttemptToken(row.getObject(1, UUID.class), row.getInt(2));
    String worker = row.getString(3);
    Ran ran = new Ran(token, worker, row.getObject(4, OffsetDateTime.class).toInstant());
    String reason = "The worker " + worker + " was lost while it ran this attempt.";
    return new Setback(ran, Kind.WORKER_LOST, reason, true, delayAfter(row.getInt(5)));
  }

  private Duration delayAfter(int lostBefore) {
    return lostBefore == 0 ? Duration.ZERO : suspicion.delayAfter(lostBefore, random);
  }
}
