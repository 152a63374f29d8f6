package dev.trunkline.finish;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;

/** The four parameters with which every statement of this room begins: who ended. */
final class RanColumns {

  private RanColumns() {}

  /** Binds parameters 1 to 4: task ids, attempts, workers, start times. */
  static void bind(PreparedStatement statement, List<? extends AttemptEnd> ends)
      throws SQLException {
    Connection connection = statement.getConnection();
    List<Ran> rans = ends.stream().map(AttemptEnd::ran).toList();
    statement.setArray(
        1,
        connection.createArrayOf("uuid", rans.stream().map(ran -> ran.token().taskId()).toArray()));
    statement.setArray(
        2,
        connection.createArrayOf(
            "int4", rans.stream().map(ran -> ran.token().attempt()).toArray()));
    statement.setArray(
        3, connection.createArrayOf("text", rans.stream().map(Ran::worker).toArray()));
    statement.setArray(
        4,
        connection.createArrayOf(
            "text", rans.stream().map(ran -> ran.startedAt().toString()).toArray()));
  }
}
