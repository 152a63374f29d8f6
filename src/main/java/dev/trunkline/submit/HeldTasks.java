package dev.trunkline.submit;

import dev.trunkline.task.Task;
import dev.trunkline.task.TaskState;
import jakarta.persistence.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.hibernate.jpa.HibernateHints;

/**
 * Loads the tasks that have the keys of a batch already. Each may have a result of megabytes, and a
 * batch thousands of them: so they are whole only until their texts have become very long together,
 * and the others come without payload and result. For one batch, and within a transaction.
 */
final class HeldTasks {

  /** Characters of payloads and results, after which they are left out. */
  static final int LONGEST = 8 * 1024 * 1024;

  /** Ids in one statement. */
  private static final int LOADED_AT_ONCE = 500;

  /** Rows in memory at once; in a transaction the driver fetches as we go. */
  private static final int FETCHED_AT_ONCE = 4;

  private static final String BARE =
      """
      from Task t
      where t.id in ?1
      select t.id as id, t.type as type, t.queue as queue, t.state as state,
        t.priority as priority, t.tags as tags, t.error as error, t.progress as progress,
        t.attempt as attempt, t.maxAttempts as maxAttempts, t.timeout as timeout,
        t.runAt as runAt, t.createdAt as createdAt, t.startedAt as startedAt,
        t.finishedAt as finishedAt, t.expiresAt as expiresAt, t.worker as worker,
        t.traceparent as traceparent
      """;

  private long left = LONGEST;

  /** Those that there are. */
  Map<UUID, Task> load(List<UUID> ids) {
    Map<UUID, Task> tasks = new HashMap<>();
    for (int from = 0; from < ids.size(); from += LOADED_AT_ONCE) {
      Set<UUID> some =
          new HashSet<>(ids.subList(from, Math.min(ids.size(), from + LOADED_AT_ONCE)));
      loadWhole(some).forEach(task -> tasks.put(task.id, task));
      some.removeAll(tasks.keySet());
      if (left <= 0 && !some.isEmpty()) {
        loadBare(some).forEach(task -> tasks.put(task.id, task));
      }
    }
    return tasks;
  }

  private List<Task> loadWhole(Set<UUID> ids) {
    if (left <= 0) {
      return List.of();
    }
    List<Task> loaded = new ArrayList<>();
    try (Stream<Task> tasks =
        Task.<Task>find("id in ?1", ids)
            .withHint(HibernateHints.HINT_FETCH_SIZE, FETCHED_AT_ONCE)
            .stream()) {
      tasks
          .takeWhile(_ -> left > 0)
          .forEach(
              task -> {
                loaded.add(task);
                left -= task.payload.length() + (task.result == null ? 0 : task.result.length());
              });
    }
    return loaded;
  }

  private static List<Task> loadBare(Set<UUID> ids) {
    return Task.getEntityManager()
        .createQuery(BARE, Tuple.class)
        .setParameter(1, ids)
        .getResultStream()
        .map(HeldTasks::bare)
        .toList();
  }

  private static Task bare(Tuple row) {
    Task task = new Task();
    task.id = row.get("id", UUID.class);
    task.type = row.get("type", String.class);
    task.queue = row.get("queue", String.class);
    task.state = row.get("state", TaskState.class);
    task.priority = row.get("priority", Integer.class);
    task.tags = tags(row);
    task.error = row.get("error", String.class);
    task.progress = row.get("progress", String.class);
    task.attempt = row.get("attempt", Integer.class);
    task.maxAttempts = row.get("maxAttempts", Integer.class);
    task.timeout = row.get("timeout", Duration.class);
    task.runAt = row.get("runAt", Instant.class);
    task.createdAt = row.get("createdAt", Instant.class);
    task.startedAt = row.get("startedAt", Instant.class);
    task.finishedAt = row.get("finishedAt", Instant.class);
    task.expiresAt = row.get("expiresAt", Instant.class);
    task.worker = row.get("worker", String.class);
    task.traceparent = row.get("traceparent", String.class);
    return task;
  }

  private static List<String> tags(Tuple row) {
    return ((List<?>) row.get("tags")).stream().map(String.class::cast).toList();
  }
}
