package dev.trunkline.claim;

import dev.trunkline.config.TrunklineConfig;
import dev.trunkline.database.ArrayColumns;
import dev.trunkline.database.Reserved;
import dev.trunkline.database.StoreException;
import dev.trunkline.execute.WorkerIdentity;
import dev.trunkline.task.HandlerRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * This process in the table of workers. It lives there until a little before the lease's duration
 * after its last heartbeat, so that noticing its death and putting its tasks back falls within one
 * duration. Each of its statements is committed when it returns: it is not called in a transaction.
 */
@ApplicationScoped
public class WorkerRegistration {

  private static final Duration LONGEST_CALL = Duration.ofSeconds(3);

  private final DataSource dataSource;
  private final TrunklineConfig config;
  private final HandlerRegistry handlers;
  private final Duration lease;
  private final String name;
  private final AtomicReference<@Nullable Life> life = new AtomicReference<>();

  WorkerRegistration(
      @Reserved DataSource dataSource, TrunklineConfig config, HandlerRegistry handlers) {
    this.dataSource = dataSource;
    this.config = config;
    this.handlers = handlers;
    this.lease = config.lease().duration();
    this.name = config.worker().name().orElseGet(WorkerRegistration::hostAndProcess);
  }

  /** How long a worker lives after its last heartbeat. */
  public Duration lifetime() {
    return lease.multipliedBy(4).dividedBy(5);
  }

  /**
   * After how long a silence a worker gives itself up: before its lifetime is over, so that whoever
   * looks after it finds its handlers stopped already.
   */
  private Duration patience() {
    return lifetime().minus(lease.dividedBy(15));
  }

  /** Who this process is now; empty before it has registered, and after its lease was lost. */
  public Optional<WorkerIdentity> current() {
    return Optional.ofNullable(life.get()).map(Life::worker);
  }

  /**
   * Makes this process a new worker, which nobody hears of before the database has committed it.
   */
  public WorkerIdentity register() {
    long sent = System.nanoTime();
    WorkerIdentity identity = insert();
    life.set(new Life(identity, sent));
    return identity;
  }

  private WorkerIdentity insert() {
    try (Connection connection = connect();
        PreparedStatement insert = connection.prepareStatement(WorkerSql.REGISTER)) {
      insert.setString(1, name);
      insert.setString(2, lifetime().toString());
      insert.setArray(3, texts(connection, handlers.availableTypes()));
      insert.setArray(4, texts(connection, config.worker().queues().orElse(null)));
      insert.setInt(5, config.worker().concurrency());
      new ArrayColumns<Map.Entry<String, TrunklineConfig.Queue>>(
              insert, 6, config.queues().entrySet())
          .text(Map.Entry::getKey)
          .int4(queue -> queue.getValue().concurrency());
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
    boolean alive = beat(worker) == 1;
    if (alive) {
      // An answer that comes late may be to the heartbeat of a worker that is given up by now.
      life.updateAndGet(now -> now != null && now.isOf(worker) ? new Life(worker, sent) : now);
    }
    return alive;
  }

  /** Whether the database may soon stop believing in this worker. Asks nobody. */
  public boolean isOverdue() {
    Life now = life.get();
    return now != null && System.nanoTime() - now.heardNanos() >= patience().toNanos();
  }

  /** Leaves: whatever is still leased to it can be rescued at once. */
  public void goodbye(WorkerIdentity worker) {
    forget(worker);
    try (Connection connection = connect();
        PreparedStatement update = connection.prepareStatement(WorkerSql.GOODBYE)) {
      update.setObject(1, worker.id());
      update.executeUpdate();
    } catch (SQLException e) {
      throw new StoreException(e);
    }
  }

  /**
   * Stops being this worker; the next claim registers another one.
   *
   * @return false where it was another one already
   */
  public boolean forget(WorkerIdentity worker) {
    Life now = life.get();
    return now != null && now.isOf(worker) && (life.compareAndSet(now, null) || forget(worker));
  }

  private int beat(WorkerIdentity worker) {
    try (Connection connection = connect();
        PreparedStatement update = connection.prepareStatement(WorkerSql.HEARTBEAT)) {
      update.setObject(1, worker.id());
      update.setString(2, lifetime().toString());
      update.setArray(3, texts(connection, handlers.availableTypes()));
      return update.executeUpdate();
    } catch (SQLException e) {
      throw new StoreException(e);
    }
  }

  private static @Nullable Array texts(Connection connection, @Nullable List<String> texts)
      throws SQLException {
    return texts == null ? null : connection.createArrayOf("text", texts.toArray());
  }

  /**
   * A connection on which nothing takes longer than until the next heartbeat: one that hangs is
   * thrown away while there is still time to live on by means of another.
   */
  private Connection connect() throws SQLException {
    Connection connection = dataSource.getConnection();
    Duration beat = lease.dividedBy(6);
    Duration most = beat.compareTo(LONGEST_CALL) < 0 ? beat : LONGEST_CALL;
    try {
      connection.setNetworkTimeout(Runnable::run, (int) most.toMillis());
      return connection;
    } catch (SQLException e) {
      connection.close();
      throw e;
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

  /** A worker, and when the last heartbeat that arrived was sent. */
  private record Life(WorkerIdentity worker, long heardNanos) {
    boolean isOf(WorkerIdentity other) {
      return worker.equals(other);
    }
  }
}
