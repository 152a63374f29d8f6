package dev.trunkline.submit;

import dev.trunkline.claim.DirectClaim;
import dev.trunkline.database.ConnectionSetup;
import dev.trunkline.database.StoreException;
import dev.trunkline.task.Refusal;
import dev.trunkline.task.Task;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;

/** Stores tasks, all of a batch or none of it, in the caller's transaction or one of its own. */
@ApplicationScoped
class TaskWriter {

  private final DataSource dataSource;

  TaskWriter(DataSource dataSource) {
    this.dataSource = dataSource;
  }

  /**
   * As {@link #write}, but never in a transaction of the caller: the tasks are of many callers. The
   * one statement is a transaction of its own, without a begin and a commit to wait for.
   */
  @Transactional(Transactional.TxType.NOT_SUPPORTED)
  List<Optional<Task>> writeApart(List<NewTask> tasks) {
    return alone(connection -> insert(connection, tasks, true, SubmitSql::read));
  }

  /** As {@link #writeApart}, and claims some of them with the same statement. */
  @Transactional(Transactional.TxType.NOT_SUPPORTED)
  List<Written> writeAndClaim(List<NewTask> tasks, DirectClaim claim) {
    return alone(connection -> insertAndClaim(connection, tasks, claim));
  }

  /** As {@link #writeApart}, for callers that need only the ids. */
  @Transactional(Transactional.TxType.NOT_SUPPORTED)
  List<Optional<UUID>> writeForIds(List<NewTask> tasks) {
    return alone(connection -> insert(connection, tasks, true, SubmitSql::readId));
  }

  /** As {@link #writeForIds}, but soon gives up behind a lock. */
  @Transactional(Transactional.TxType.REQUIRES_NEW)
  List<Optional<UUID>> writeForIdsOrGiveUp(List<NewTask> tasks) {
    return hurriedly(tasks, SubmitSql::readId);
  }

  /** As {@link #writeApart}, but soon gives up behind a lock. */
  @Transactional(Transactional.TxType.REQUIRES_NEW)
  List<Optional<Task>> writeOrGiveUp(List<NewTask> tasks) {
    return hurriedly(tasks, SubmitSql::read);
  }

  /** The stored tasks in the batch's order; empty where an idempotency key was taken. */
  @Transactional
  List<Optional<Task>> write(List<NewTask> tasks) {
    return insert(tasks, false);
  }

  /**
   * As {@link #write(List)}.
   *
   * @param apart whether the transaction is none of a caller's, and ends with this write
   */
  @Transactional
  List<Optional<Task>> write(List<NewTask> tasks, boolean apart) {
    return insert(tasks, apart);
  }

  /** Not intercepted, as all others here are by whatever calls them. */
  private List<Optional<Task>> insert(List<NewTask> tasks, boolean apart) {
    try (Connection connection = dataSource.getConnection()) {
      return insert(connection, tasks, apart, SubmitSql::read);
    } catch (SQLException e) {
      throw new StoreException(e);
    }
  }

  /** In a transaction that has begun, and is to end soon. */
  private <T> List<T> hurriedly(List<NewTask> tasks, RowReader<T> reader) {
    try (Connection connection = dataSource.getConnection();
        PreparedStatement hurry = connection.prepareStatement(SubmitSql.HURRY)) {
      hurry.execute();
      return insert(connection, tasks, true, reader);
    } catch (SQLException e) {
      throw new StoreException(e);
    }
  }

  private static <T> List<T> insert(
      Connection connection, List<NewTask> tasks, boolean apart, RowReader<T> reader)
      throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement(SubmitSql.insert(tasks))) {
      SubmitSql.bind(insert, tasks, apart);
      return readAll(insert, tasks, reader);
    }
  }

  /**
   * The task that took the submission's key.
   *
   * @throws dev.trunkline.task.RefusedException where it is not the same submission
   */
  @Transactional
  Optional<Task> findByKey(Submission submission) {
    try (Connection connection = dataSource.getConnection();
        PreparedStatement find = connection.prepareStatement(SubmitSql.FIND_BY_KEY)) {
      SubmitSql.bindKey(find, submission);
      try (ResultSet row = find.executeQuery()) {
        if (!row.next()) {
          return Optional.empty();
        }
        if (!row.getBoolean("same")) {
          throw new Refusal.KeyReused(submission.idempotencyKey().orElseThrow()).exception();
        }
        return Task.findByIdOptional(row.getObject("id", UUID.class));
      }
    } catch (SQLException e) {
      throw new StoreException(e);
    }
  }

  /**
   * The tasks that took the submissions' keys, by the places of the submissions in the list.
   *
   * @param submissions each with a key
   */
  @Transactional
  Map<Integer, KeyHolder> findByKeys(List<Submission> submissions) {
    if (submissions.isEmpty()) {
      return Map.of();
    }
    try (Connection connection = dataSource.getConnection();
        PreparedStatement find = connection.prepareStatement(SubmitSql.FIND_BY_KEYS)) {
      SubmitSql.bindKeys(find, submissions);
      return readHolders(find);
    } catch (SQLException e) {
      throw new StoreException(e);
    }
  }

  private static Map<Integer, KeyHolder> readHolders(PreparedStatement find) throws SQLException {
    Map<Integer, KeyHolder> holders = new HashMap<>();
    try (ResultSet rows = find.executeQuery()) {
      while (rows.next()) {
        holders.put(
            rows.getInt("ord") - 1,
            new KeyHolder(rows.getObject("id", UUID.class), rows.getBoolean("same")));
      }
    }
    return holders;
  }

  private static List<Written> insertAndClaim(
      Connection connection, List<NewTask> tasks, DirectClaim claim) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(SubmitAndClaimSql.INSERT_AND_CLAIM)) {
      SubmitAndClaimSql.bind(insert, tasks, claim);
      return readAll(insert, tasks, SubmitAndClaimSql::read);
    }
  }

  private <T> T alone(ConnectionSetup.Work<T> statement) {
    try {
      return ConnectionSetup.alone(dataSource, statement);
    } catch (SQLException e) {
      throw new StoreException(e);
    }
  }

  private static <T> List<T> readAll(
      PreparedStatement insert, List<NewTask> tasks, RowReader<T> reader) throws SQLException {
    List<T> stored = new ArrayList<>(tasks.size());
    try (ResultSet rows = insert.executeQuery()) {
      while (rows.next()) {
        stored.add(reader.read(rows, tasks.get(stored.size())));
      }
    }
    return stored;
  }

  /**
   * A task that has the idempotency key of a submission.
   *
   * @param same whether the task was submitted by the same submission
   */
  record KeyHolder(UUID id, boolean same) {}

  /** Reads what has become of a task that was to be stored. */
  @FunctionalInterface
  private interface RowReader<T> {
    T read(ResultSet row, NewTask task) throws SQLException;
  }
}
