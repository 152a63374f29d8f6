package dev.trunkline.finish;

import dev.trunkline.database.ConnectionSetup;
import dev.trunkline.database.StoreException;
import dev.trunkline.finish.AttemptEnd.Setback;
import dev.trunkline.finish.AttemptEnd.Success;
import dev.trunkline.task.AttemptToken;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;

/** Writes ends of attempts in the caller's transaction, or in one of its own. */
@ApplicationScoped
public class AttemptEndWriter {

  /**
   * Locks the tasks of a batch that is written by two statements, in the order in which everybody
   * locks them; else a rescuer that ends the same attempts waits for this one, and this for it.
   */
  static final String LOCK =
      """
      select from trunkline.task where id = any(?) order by id for update
      """;

  /** One that is locked is being taken by a rescuer, who must not be waited for. */
  static final String DISCARD_LEASES =
      """
      delete from trunkline.lease
      where id = any(array(
        select id from trunkline.lease where id = any(?) for update skip locked))
      """;

  private final DataSource dataSource;
  private final Optional<CallbackWake> wake;

  @Inject
  AttemptEndWriter(DataSource dataSource, CallbackWake wake) {
    this(dataSource, Optional.of(wake));
  }

  AttemptEndWriter(DataSource dataSource) {
    this(dataSource, Optional.empty());
  }

  private AttemptEndWriter(DataSource dataSource, Optional<CallbackWake> wake) {
    this.dataSource = dataSource;
    this.wake = wake;
  }

  /**
   * Writes every end whose attempt is still the current one.
   *
   * @param ends at most one for each attempt
   * @param emptied leases of which no attempt is left
   * @return those that were written; the leases of all others were lost
   */
  @Transactional
  public Set<AttemptToken> write(List<AttemptEnd> ends, Collection<UUID> emptied) {
    try (Connection connection = dataSource.getConnection()) {
      Written written = write(connection, ends, emptied);
      if (written.callsBack) {
        wake.ifPresent(CallbackWake::afterCommit);
      }
      return written.tokens;
    } catch (SQLException e) {
      throw new StoreException(e);
    }
  }

  /**
   * As {@link #write}, but never in a transaction of the caller's: successes alone are one
   * statement, which is a transaction of its own, without a begin and a commit to wait for.
   */
  @Transactional(Transactional.TxType.NOT_SUPPORTED)
  Set<AttemptToken> writeApart(List<AttemptEnd> ends, Collection<UUID> emptied) {
    List<Success> successes = only(ends, Success.class);
    if (successes.isEmpty() || successes.size() < ends.size()) {
      return write(ends, emptied);
    }
    Written written = succeedAlone(successes, emptied);
    if (written.callsBack) {
      wake.ifPresent(CallbackWake::now);
    }
    return written.tokens;
  }

  private Written succeedAlone(List<Success> ends, Collection<UUID> emptied) {
    try {
      return ConnectionSetup.alone(
          dataSource,
          connection -> {
            Written written = new Written();
            succeed(connection, ends, emptied, written);
            return written;
          });
    } catch (SQLException e) {
      throw new StoreException(e);
    }
  }

  private static Written write(
      Connection connection, List<AttemptEnd> ends, Collection<UUID> emptied) throws SQLException {
    Written written = new Written();
    List<Success> successes = only(ends, Success.class);
    List<Setback> setbacks = only(ends, Setback.class);
    if (!successes.isEmpty() && !setbacks.isEmpty()) {
      lock(connection, ends);
    }
    if (!successes.isEmpty()) {
      succeed(connection, successes, emptied, written);
    }
    if (!setbacks.isEmpty()) {
      setBack(connection, setbacks, written);
    }
    if (successes.isEmpty() && !emptied.isEmpty()) {
      discard(connection, emptied);
    }
    return written;
  }

  private static void lock(Connection connection, List<AttemptEnd> ends) throws SQLException {
    Object[] ids = ends.stream().map(end -> end.ran().token().taskId()).toArray();
    try (PreparedStatement lock = connection.prepareStatement(LOCK)) {
      lock.setArray(1, connection.createArrayOf("uuid", ids));
      lock.execute();
    }
  }

  private static void succeed(
      Connection connection, List<Success> ends, Collection<UUID> emptied, Written written)
      throws SQLException {
    try (PreparedStatement finish = connection.prepareStatement(SuccessSql.FINISH)) {
      SuccessSql.bind(finish, ends, emptied);
      written.collect(finish);
    }
  }

  private static void setBack(Connection connection, List<Setback> ends, Written written)
      throws SQLException {
    try (PreparedStatement finish = connection.prepareStatement(SetbackSql.FINISH)) {
      SetbackSql.bind(finish, ends);
      written.collect(finish);
    }
  }

  private static void discard(Connection connection, Collection<UUID> leases) throws SQLException {
    try (PreparedStatement discard = connection.prepareStatement(DISCARD_LEASES)) {
      discard.setArray(1, connection.createArrayOf("uuid", leases.toArray()));
      discard.executeUpdate();
    }
  }

  private static <E extends AttemptEnd> List<E> only(List<AttemptEnd> ends, Class<E> kind) {
    return ends.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  /** What a transaction has written so far. */
  private static final class Written {

    private final Set<AttemptToken> tokens = new HashSet<>();

    /** Whether an end has brought a callback into being. */
    private boolean callsBack;

    void collect(PreparedStatement finish) throws SQLException {
      try (ResultSet rows = finish.executeQuery()) {
        while (rows.next()) {
          tokens.add(new AttemptToken(rows.getObject(1, UUID.class), rows.getInt(2)));
          callsBack |= rows.getBoolean(3);
        }
      }
    }
  }
}
