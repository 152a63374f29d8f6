package dev.trunkline.inspect;

import dev.trunkline.task.TaskFilter;
import dev.trunkline.task.TaskState;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Chooses the walk for a filter of several parts: by the part that finds the fewest tasks. So a
 * list is complete at once where one of its parts alone finds few.
 */
final class Narrowest {

  private Narrowest() {}

  /**
   * @param most where a part finds as many, it counts as common
   */
  static Walk of(Connection connection, TaskFilter filter, UUID below, int most)
      throws SQLException {
    List<Walk> parts = parts(filter);
    if (parts.size() < 2 || parts.contains(Walk.RUNNING)) {
      return parts.isEmpty() ? Walk.ALL : parts.getFirst();
    }
    try (PreparedStatement count = connection.prepareStatement(WalkSql.COUNT)) {
      bind(count, filter, below, most);
      try (ResultSet row = count.executeQuery()) {
        row.next();
        return fewest(parts, row);
      }
    }
  }

  /** In the order that decides between those that are all common. */
  private static List<Walk> parts(TaskFilter filter) {
    List<Walk> parts = new ArrayList<>();
    Optional<Walk> state = filter.state().map(Walk::of);
    state.filter(walk -> walk != Walk.SUCCEEDED).ifPresent(parts::add);
    filter.tag().ifPresent(tag -> parts.add(Walk.TAG));
    filter.type().ifPresent(type -> parts.add(Walk.TYPE));
    filter.queue().ifPresent(queue -> parts.add(Walk.QUEUE));
    state.filter(walk -> walk == Walk.SUCCEEDED).ifPresent(parts::add);
    return parts;
  }

  private static Walk fewest(List<Walk> parts, ResultSet counts) throws SQLException {
    Walk fewest = parts.getFirst();
    long least = Long.MAX_VALUE;
    for (Walk part : parts) {
      long count = count(part, counts);
      if (count < least) {
        least = count;
        fewest = part;
      }
    }
    return fewest;
  }

  private static long count(Walk part, ResultSet counts) throws SQLException {
    return switch (part) {
      case TAG -> counts.getLong("tag");
      case TYPE -> counts.getLong("type");
      case QUEUE -> counts.getLong("queue");
      case UNSUCCESSFUL -> counts.getLong("unsuccessful");
      case WAITING -> counts.getLong("waiting");
      case ALL, RUNNING, SUCCEEDED -> Long.MAX_VALUE;
    };
  }

  private static void bind(PreparedStatement count, TaskFilter filter, UUID below, int most)
      throws SQLException {
    count.setString(1, filter.state().map(TaskState::word).orElse(null));
    count.setString(2, filter.type().orElse(null));
    count.setString(3, filter.queue().orElse(null));
    count.setString(4, filter.tag().orElse(null));
    count.setObject(5, below);
    count.setInt(6, most);
  }
}
