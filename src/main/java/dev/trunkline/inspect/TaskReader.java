package dev.trunkline.inspect;

import dev.trunkline.database.GroupCommit;
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
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;

/** Reads tasks and their attempts, each answer from one statement and so from one moment. */
@ApplicationScoped
public class TaskReader {

  private final DataSource dataSource;
  private final WatchReader reader;
  private final GroupCommit<UUID, Optional<TaskSnapshot>> group =
      new GroupCommit<>(WatchReader.TOGETHER, this::read);

  TaskReader(DataSource dataSource, WatchReader reader) {
    this.dataSource = dataSource;
    this.reader = reader;
  }

  /**
   * The task as clients see it. A crowd that asks at the same moment shares a statement and a
   * connection, so that it does not keep those who submit from theirs; a transaction of the
   * caller's is not looked into.
   *
   * @param id as the client wrote it
   * @throws dev.trunkline.task.RefusedException where no task has this id, or it is none
   */
  public TaskSnapshot snapshot(String id) {
    return parse(id)
        .flatMap(group::submit)
        .orElseThrow(() -> new Refusal.NoSuchTask(id).exception());
  }

  /**
   * The task as it stands.
   *
   * @param id as the client wrote it
   * @throws dev.trunkline.task.RefusedException where no task has this id, or it is none
   */
  @Transactional
  public Task task(String id) {
    return parse(id)
        .flatMap(uuid -> Task.<Task>findByIdOptional(uuid))
        .orElseThrow(() -> new Refusal.NoSuchTask(id).exception());
  }

  /** Those of these tasks that are there. */
  @Transactional
  public Map<UUID, Task> tasks(Collection<UUID> ids) {
    Map<UUID, Task> found = new HashMap<>();
    if (!ids.isEmpty()) {
      Task.<Task>list("id in ?1", ids).forEach(task -> found.put(task.id, task));
    }
    return found;
  }

  /**
   * Every attempt of a task, the first one first; empty before the first has started.
   *
   * @throws dev.trunkline.task.RefusedException where no task has this id, or it is none
   */
  @Transactional
  public List<Attempt> attempts(String id) {
    UUID taskId = task(id).id;
    try (Connection connection = dataSource.getConnection();
        PreparedStatement list = connection.prepareStatement(AttemptsSql.LIST)) {
      AttemptsSql.bind(list, taskId);
      return read(list);
    } catch (SQLException e) {
      throw new StoreException(e);
    }
  }

  private List<Optional<TaskSnapshot>> read(List<UUID> ids) {
    Map<UUID, TaskSnapshot> tasks = new HashMap<>();
    reader.tasks(Set.copyOf(ids), task -> tasks.put(task.id(), task));
    return ids.stream().map(id -> Optional.ofNullable(tasks.get(id))).toList();
  }

  private static List<Attempt> read(PreparedStatement list) throws SQLException {
    List<Attempt> attempts = new ArrayList<>();
    try (ResultSet rows = list.executeQuery()) {
      while (rows.next()) {
        attempts.add(AttemptsSql.read(rows));
      }
    }
    return attempts;
  }

  /** Only the canonical form, for {@link UUID#fromString} also takes shorter ones. */
  private static Optional<UUID> parse(String id) {
    try {
      UUID uuid = UUID.fromString(id);
      return uuid.toString().equalsIgnoreCase(id) ? Optional.of(uuid) : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
