package dev.trunkline.maintain;

import dev.trunkline.config.TrunklineConfig;
import dev.trunkline.database.StoreException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.UUID;
import javax.sql.DataSource;
import org.jboss.logging.Logger;

/**
 * Deletes tasks whose retention is over, in portions that each are one short transaction. The walk
 * over those that succeeded goes on where the last portion ended, and starts over when it has come
 * to the end: then it also finds what was submitted long ago and ended late.
 */
@ApplicationScoped
class Pruner {

  private static final Logger LOG = Logger.getLogger(Pruner.class);
  private static final UUID BEGINNING = new UUID(0, 0);

  /** Pruning takes one part in so many of one connection's time. */
  private static final int SHARE = 5;

  private final DataSource dataSource;
  private final TrunklineConfig.Retention retention;
  private final MeterRegistry meters;
  private UUID position = BEGINNING;

  Pruner(DataSource dataSource, TrunklineConfig config, MeterRegistry meters) {
    this.dataSource = dataSource;
    this.retention = config.retention();
    this.meters = meters;
  }

  /** One pass over everything, with pauses; ends early where the thread is interrupted. */
  void runUntilDone() {
    try {
      boolean more = true;
      while (more) {
        long start = System.nanoTime();
        more = runOnce();
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        Thread.sleep(took.multipliedBy(SHARE - 1));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * One portion: of the failed, of the cancelled when no failed are left, and then of the others.
   *
   * @return whether there may be more in this pass
   */
  synchronized boolean runOnce() {
    return unsuccessful("failed", retention.failed())
        || unsuccessful("cancelled", retention.cancelled())
        || succeeded();
  }

  private boolean succeeded() {
    if (retention.succeeded().isZero()) {
      return false;
    }
    try (Connection connection = dataSource.getConnection();
        PreparedStatement prune = connection.prepareStatement(PruneSql.SUCCEEDED)) {
      prune.setString(1, retention.succeeded().toString());
      prune.setObject(2, position);
      try (ResultSet row = prune.executeQuery()) {
        row.next();
        count("succeeded", row.getInt("pruned"));
        UUID last = row.getObject("last", UUID.class);
        position = last == null ? BEGINNING : last;
        return last != null;
      }
    } catch (SQLException e) {
      throw new StoreException(e);
    }
  }

  private boolean unsuccessful(String state, Duration kept) {
    if (kept.isZero()) {
      return false;
    }
    try (Connection connection = dataSource.getConnection();
        PreparedStatement prune = connection.prepareStatement(PruneSql.UNSUCCESSFUL)) {
      prune.setString(1, state);
      prune.setString(2, kept.toString());
      int pruned = prune.executeUpdate();
      count(state, pruned);
      return pruned > 0;
    } catch (SQLException e) {
      throw new StoreException(e);
    }
  }

  private void count(String state, int pruned) {
    if (pruned > 0) {
      LOG.debugf("Pruned %d tasks that %s.", pruned, state);
      Counter.builder("trunkline.tasks.pruned")
          .description("Tasks that this process has deleted because their retention was over")
          .tags("state", state)
          .register(meters)
          .increment(pruned);
    }
  }
}
