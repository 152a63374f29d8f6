package dev.trunkline.claim;

import dev.trunkline.config.TrunklineConfig;
import dev.trunkline.database.StoreException;
import dev.trunkline.execute.WorkerIdentity;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;

/**
 * This process in the table of workers. It lives there until a little before the lease's duration
 * after its last heartbeat, so that noticing its death and putting its tasks back falls within one
 * duration. Each of its statements is committed when it returns: it is not called in a transaction.
 */
@ApplicationScoped
public class WorkerRegistration {

  private final DataSource dataSource;
  private final Duration lifetime;
  private final String name;
  private volatile long heardNanos = System.nanoTime();
  private volatile Optional<WorkerIdentity> current = Optional.empty();

  WorkerRegistration(DataSource dataSource, TrunklineConfig config) {
    this.dataSource = dataSource;
    this.lifetime = config.lease().duration().multipliedBy(4).dividedBy(5);
    this.name = config.worker().name().orElseGet(WorkerRegistration::hostAndProcess);
  }

  /** How long a worker lives after its last heartbeat. */
  public Duration lifetime() {
    return lifetime;
  }

  /** Who this process is now; empty before it has registered, and after its lease was lost. */
  public Optional<WorkerIdentity> current() {
    return current;
  }

  /**
   * Makes this process a new worker, which nobody hears of before the database has committed it.
   */
  public synchronized WorkerIdentity register() {
    long sent = System.nanoTime();
    WorkerIdentity identity = insert();
    heardNanos = sent;
    current = Optional.of(identity);
    return identity;
  }

  private WorkerIdentity insert() {
    try (Connection connection = dataSource.getConnection();
        PreparedStatement insert = connection.prepareStatement(WorkerSql.REGISTER)) {
      insert.setString(1, name);
      insert.setString(2, lifetime.toString());
      try (ResultSet row = insert.executeQuery()) {
        row.next();
        return new WorkerIdentity(row.getObject(1, UUID.class), name);
      }
    } catch (SQLException e) {
      throw new StoreException(e);
    }
  }

  /** Lives on; false where this worker was declared dead. */
  public boolean heartbeat(WorkerIdentity worker) {
    // Read before the statement is sent: the database begins to count later than this.
    long sent = System.nanoTime();
    boolean alive = update(WorkerSql.HEARTBEAT, worker, Optional.of(lifetime)) == 1;
    if (alive) {
      heardNanos = sent;
    }
    return alive;
  }

  /** Whether the database may have stopped believing in this worker. Asks nobody. */
  public boolean isOverdue() {
    return System.nanoTime() - heardNanos >= lifetime.toNanos();
  }

  /** Leaves: whatever is still leased to it can be rescued at once. */
  public void goodbye(WorkerIdentity worker) {
    forget(worker);
    update(WorkerSql.GOODBYE, worker, Optional.empty());
  }

  /** Stops being this worker; the next claim registers another one. */
  public synchronized void forget(WorkerIdentity worker) {
    current = current.filter(identity -> !identity.equals(worker));
  }

  private int update(String sql, WorkerIdentity worker, Optional<Duration> lifetime) {
    try (Connection connection = dataSource.getConnection();
        PreparedStatement update = connection.prepareStatement(sql)) {
      update.setObject(1, worker.id());
      if (lifetime.isPresent()) {
        update.setString(2, lifetime.get().toString());
      }
      return update.executeUpdate();
    } catch (SQLException e) {
      throw new StoreException(e);
    }
  }

  private static String hostAndProcess() {
    return hostName() + "-" + ProcessHandle.current().pid();
  }

  private static String hostName() {
    String pod = System.getenv("HOSTNAME");
    if (pod != null && !pod.isBlank()) {
      return pod;
    }
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "worker";
    }
  }
}
