package dev.trunkline.finish;

import dev.trunkline.database.ArrayColumns;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;

/** The four columns with which every statement of this room begins: who ended. */
final class RanColumns {

  private RanColumns() {}

  /** Binds task ids, attempts, workers and start times; the statement's own columns follow. */
  static <E extends AttemptEnd> ArrayColumns<E> bind(PreparedStatement statement, List<E> ends)
      throws SQLException {
    return new ArrayColumns<E>(statement, 1, ends)
        .add("uuid", end -> end.ran().token().taskId())
        .add("int4", end -> end.ran().token().attempt())
        .add("text", end -> end.ran().worker())
        .add("text", end -> end.ran().startedAt().toString());
  }
}
