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
        .uuid(end -> end.ran().token().taskId())
        .int4(end -> end.ran().token().attempt())
        .text(end -> end.ran().worker())
        .text(end -> end.ran().startedAt().toString());
  }
}
