package dev.trunkline.submit;

import dev.trunkline.database.StoreException;
import dev.trunkline.task.TaskType;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;

/**
 * The types that somebody has announced to run: other processes of the service, and workers outside
 * of it. Nothing is known here of their payloads. Once announced, a type stays. Thread-safe.
 */
@ApplicationScoped
public class AnnouncedTypes {

  static final String FIND =
      """
      select name, queue, priority, max_attempts, extract(epoch from timeout) as timeout,
        true as alive
      from trunkline.task_type
      where name = ?
      """;

  static final String ALL =
      """
      select t.name, t.queue, t.priority, t.max_attempts, extract(epoch from t.timeout) as timeout,
        exists (
          select from trunkline.worker w
          where w.dead_at is null and w.expires_at > statement_timestamp()
            and t.name = any(w.types))
        or exists (
          select from trunkline.remote_worker w
          where w.expires_at > statement_timestamp() and t.name = any(w.types)) as alive
      from trunkline.task_type t
      order by t.name
      """;

  /** So that the database is not asked with each submission; a process may announce others. */
  private static final Duration BELIEVED = Duration.ofSeconds(5);

  private static final int MOST_REMEMBERED = 10_000;

  private final DataSource dataSource;
  private final Map<String, Known> known = new ConcurrentHashMap<>();
  private volatile Names names = new Names(List.of(), System.nanoTime() - BELIEVED.toNanos());

  AnnouncedTypes(DataSource dataSource) {
    this.dataSource = dataSource;
  }

  /**
   * A type, with what holds for its tasks that do not say otherwise.
   *
   * @param timeout of one attempt
   * @param alive whether a worker that runs it has been heard of lately, where that was asked
   */
  public record Announced(
      String name, String queue, int priority, int maxAttempts, Duration timeout, boolean alive) {}

  /** The type of that name; one that was just announced is found. */
  Optional<Announced> find(String name) {
    if (!TaskType.NAME.matcher(name).matches()) {
      return Optional.empty();
    }
    Known before = known.get(name);
    if (before != null && System.nanoTime() - before.readNanos() < BELIEVED.toNanos()) {
      return Optional.of(before.type());
    }
    long now = System.nanoTime();
    Optional<Announced> found = read(FIND, name).stream().findFirst();
    if (known.size() >= MOST_REMEMBERED) {
      known.clear();
    }
    found.ifPresent(type -> known.put(name, new Known(type, now)));
    return found;
  }

  /** Their names, as they were a moment ago. */
  List<String> names() {
    Names before = names;
    if (System.nanoTime() - before.readNanos() >= BELIEVED.toNanos()) {
      before = new Names(all().stream().map(Announced::name).toList(), System.nanoTime());
      names = before;
    }
    return before.names();
  }

  /** All of them, ordered by name, those that run here too. */
  public List<Announced> all() {
    return read(ALL);
  }

  private List<Announced> read(String sql, String... parameters) {
    try (Connection connection = dataSource.getConnection();
        PreparedStatement ask = connection.prepareStatement(sql)) {
      for (int i = 0; i < parameters.length; i++) {
        ask.setString(i + 1, parameters[i]);
      }
      try (ResultSet rows = ask.executeQuery()) {
        List<Announced> types = new ArrayList<>();
        while (rows.next()) {
          types.add(read(rows));
        }
        return types;
      }
    } catch (SQLException e) {
      throw new StoreException(e);
    }
  }

  private static Announced read(ResultSet row) throws SQLException {
    return new Announced(
        row.getString("name"),
        row.getString("queue"),
        row.getInt("priority"),
        row.getInt("max_attempts"),
        Duration.ofNanos(Math.round(row.getDouble("timeout") * 1e9)),
        row.getBoolean("alive"));
  }

  private record Known(Announced type, long readNanos) {}

  private record Names(List<String> names, long readNanos) {}
}
