package dev.trunkline.finish;

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

  /** Called where an end has brought a callback into being. */
  private final Runnable callbacksMade;

  @Inject
  AttemptEndWriter(DataSource dataSource, CallbackWake wake) {
    this(dataSource, wake::afterCommit);
  }

  AttemptEndWriter(DataSource dataSource) {
    this(dataSource, () -> {});
  }

  private AttemptEndWriter(DataSource dataSource, Runnable callbacksMade) {
    this.dataSource = dataSource;
    this.callbacksMade = callbacksMade;
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
      Set<AttemptToken> written = new HashSet<>();
      List<Success> successes = only(ends, Success.class);
      List<Setback> setbacks = only(ends, Setback.class);
      if (!successes.isEmpty() && !setbacks.isEmpty()) {
        lock(connection, ends);
      }
      succeed(connection, successes, written);
      setBack(connection, setbacks, written);
      discard(connection, emptied);
      return written;
    } catch (SQLException e) {
      throw new StoreException(e);
    }
  }

  private static void lock(Connection connection, List<AttemptEnd> ends) throws SQLException {
    Object[] ids = ends.stream().map(end -> end.ran().token().taskId()).toArray();
    try (PreparedStatement lock = connection.prepareStatement(LOCK)) {
      lock.setArray(1, connection.createArrayOf("uuid", ids));
      lock.execute();
    }
  }

  private void succeed(Connection connection, List<Success> ends, Set<AttemptToken> written)
      throws SQLException {
    if (!ends.isEmpty()) {
      try (PreparedStatement finish = connection.prepareStatement(SuccessSql.FINISH)) {
        SuccessSql.bind(finish, ends);
        collect(finish, written);
      }
    }
  }

  private void setBack(Connection connection, List<Setback> ends, Set<AttemptToken> written)
      throws SQLException {
    if (!ends.isEmpty()) {
      try (PreparedStatement finish = connection.prepareStatement(SetbackSql.FINISH)) {
        SetbackSql.bind(finish, ends);
        collect(finish, written);
      }
    }
  }

  private static void discard(Connection connection, Collection<UUID> leases) throws SQLException {
    if (!leases.isEmpty()) {
      try (PreparedStatement discard = connection.prepareStatement(DISCARD_LEASES)) {
        discard.setArray(1, connection.createArrayOf("uuid", leases.toArray()));
        discard.executeUpdate();
      }
    }
  }

  private void collect(PreparedStatement finish, Set<AttemptToken> written) throws SQLException {
    boolean callsBack = false;
    try (ResultSet rows = finish.executeQuery()) {
      while (rows.next()) {
        written.add(new AttemptToken(rows.getObject(1, UUID.class), rows.getInt(2)));
        callsBack |= rows.getBoolean(3);
      }
    }
    if (callsBack) {
      callbacksMade.run();
    }
  }

  private static <E extends AttemptEnd> List<E> only(List<AttemptEnd> ends, Class<E> kind) {
    return ends.stream().filter(kind::isInstance).map(kind::cast).toList();
  }
}
