package dev.trunkline.inspect;

import static dev.trunkline.database.UuidOrder.UUID_ORDER;

import dev.trunkline.task.Task;
import dev.trunkline.task.TaskFilter;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/**
 * Reads one page: walks on and looks, in growing portions, until the page is full, the list has
 * ended, or so much was looked at that a client had better ask again.
 */
final class PageReader {

  /** Entries of an index that are walked over for one page. */
  static final int SPAN = 10_000;

  /** Tasks that are looked at for one page; a filter that finds fewer is answered completely. */
  static final int LOOKS = 2_000;

  /** Characters of payloads and results after which a page ends. */
  static final int LONGEST = 8 * 1024 * 1024;

  private static final int GROWTH = 8;

  /** Tasks in memory at once beside those of the page; each may have megabytes. */
  private static final int FETCHED_AT_ONCE = 4;

  private final Connection connection;
  private final TaskFilter filter;
  private final Optional<UUID> oldest;
  private int charactersLeft = LONGEST;

  PageReader(Connection connection, TaskFilter filter) {
    this.connection = connection;
    this.filter = filter;
    this.oldest = filter.createdAfter().map(IdTimes::before);
  }

  TaskPage<Task> tasks(int limit, UUID below) throws SQLException {
    return read(limit, below, this::lookAtTasks, task -> task.id);
  }

  TaskPage<UUID> ids(int limit, UUID below) throws SQLException {
    return read(limit, below, this::lookAtIds, id -> id);
  }

  private <T> TaskPage<T> read(int limit, UUID below, Look<T> look, Function<T, UUID> id)
      throws SQLException {
    Walk walk = Narrowest.of(connection, filter, below, LOOKS);
    List<T> items = new ArrayList<>();
    UUID place = below;
    int walked = 0;
    int looked = 0;
    for (int portion = limit + 1; walked < SPAN && looked < LOOKS; portion *= GROWTH) {
      Steps steps =
          walk(walk, place, Math.min(portion, SPAN - walked), Math.min(portion, LOOKS - looked));
      if (look.at(steps.ids(), limit, items)) {
        return new TaskPage<>(items, Optional.of(id.apply(items.getLast())));
      }
      if (steps.atTheEnd() || isBeforeOldest(steps.last())) {
        return new TaskPage<>(items, Optional.empty());
      }
      place = steps.last();
      walked += steps.walked();
      looked += steps.ids().size();
    }
    return new TaskPage<>(items, Optional.of(place));
  }

  private boolean isBeforeOldest(UUID id) {
    return oldest.filter(bound -> UUID_ORDER.compare(id, bound) < 0).isPresent();
  }

  private Steps walk(Walk walk, UUID below, int span, int most) throws SQLException {
    try (PreparedStatement ask = connection.prepareStatement(walk.sql())) {
      WalkSql.bind(ask, walk.key(filter), below, span, most);
      try (ResultSet row = ask.executeQuery()) {
        row.next();
        List<UUID> ids = List.of((UUID[]) row.getArray("ids").getArray());
        int walked = row.getInt("walked");
        // Not all that were found may have been told; then the walk goes on behind those that were.
        return ids.size() == most
            ? new Steps(ids, ids.getLast(), walked, false)
            : new Steps(ids, row.getObject("last", UUID.class), walked, walked < span);
      }
    }
  }

  /** True where one more would have been there. */
  private boolean lookAtIds(List<UUID> ids, int limit, List<UUID> items) throws SQLException {
    try (PreparedStatement ask = connection.prepareStatement(MatchSql.IDS)) {
      MatchSql.bind(ask, ids, filter, limit - items.size() + 1);
      try (ResultSet rows = ask.executeQuery()) {
        while (rows.next()) {
          if (items.size() == limit) {
            return true;
          }
          items.add(rows.getObject(1, UUID.class));
        }
      }
    }
    return false;
  }

  /** True where one more would have been there, or the texts have become too long. */
  private boolean lookAtTasks(List<UUID> ids, int limit, List<Task> items) throws SQLException {
    try (PreparedStatement ask = connection.prepareStatement(MatchSql.TASKS)) {
      // In a transaction the driver then fetches as we go, and we may stop.
      ask.setFetchSize(FETCHED_AT_ONCE);
      MatchSql.bind(ask, ids, filter, limit - items.size() + 1);
      try (ResultSet rows = ask.executeQuery()) {
        while (rows.next()) {
          if (items.size() == limit || charactersLeft <= 0) {
            return true;
          }
          Task task = MatchSql.read(rows);
          charactersLeft -=
              task.payload.length() + (task.result == null ? 0 : task.result.length());
          items.add(task);
        }
      }
    }
    return false;
  }

  /** What a walk has found: ids of tasks that may be meant, and how far it came. */
  private record Steps(List<UUID> ids, UUID last, int walked, boolean atTheEnd) {}

  /** Adds to the items those of the tasks that are meant; true where the page ends with them. */
  @FunctionalInterface
  private interface Look<T> {
    boolean at(List<UUID> ids, int limit, List<T> items) throws SQLException;
  }
}
