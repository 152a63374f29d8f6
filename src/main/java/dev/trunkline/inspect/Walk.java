package dev.trunkline.inspect;

import dev.trunkline.task.TaskFilter;
import dev.trunkline.task.TaskState;

/** What leads through the tasks of a list, by which index; see {@link WalkSql}. */
enum Walk {
  ALL(WalkSql.ALL),
  TYPE(WalkSql.TYPE),
  QUEUE(WalkSql.QUEUE),
  TAG(WalkSql.TAG),
  UNSUCCESSFUL(WalkSql.UNSUCCESSFUL),
  WAITING(WalkSql.WAITING),
  RUNNING(WalkSql.RUNNING),
  SUCCEEDED(WalkSql.SUCCEEDED);

  private final String sql;

  Walk(String sql) {
    this.sql = sql;
  }

  String sql() {
    return sql;
  }

  /** The walk for a state. */
  static Walk of(TaskState state) {
    return switch (state) {
      case SCHEDULED, QUEUED -> WAITING;
      case RUNNING -> RUNNING;
      case SUCCEEDED -> SUCCEEDED;
      case FAILED, CANCELLED -> UNSUCCESSFUL;
    };
  }

  /** What it looks for, where it looks for something. */
  String key(TaskFilter filter) {
    return switch (this) {
      case ALL -> "";
      case TYPE -> filter.type().orElseThrow();
      case QUEUE -> filter.queue().orElseThrow();
      case TAG -> filter.tag().orElseThrow();
      case UNSUCCESSFUL, WAITING, RUNNING, SUCCEEDED -> filter.state().orElseThrow().word();
    };
  }
}
