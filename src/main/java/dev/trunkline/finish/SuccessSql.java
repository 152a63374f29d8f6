package dev.trunkline.finish;

import dev.trunkline.finish.AttemptEnd.Success;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;

/** The statement that finishes a batch of attempts with their results. */
final class SuccessSql {

  /**
   * One heap-only update for each task, and only while the attempt is the current one: the ids that
   * come back are those that were. The materialised input keeps the planner at the primary key; it
   * is in the order of the ids, in which all who write several tasks lock them.
   */
  static final String FINISH =
      """
      with done as materialized (
        select * from unnest(?::uuid[], ?::int[], ?::text[], ?::timestamptz[], ?::text[], ?::int[],
            ?::text[])
          as d (task_id, attempt, worker, started_at, result, percent, message)
        order by d.task_id
      )
      update trunkline.task t
      set state = 'succeeded', result = d.result::jsonb, error = null, worker = d.worker,
        started_at = d.started_at, finished_at = clock_timestamp(),
        progress = case
          when d.percent is null then t.progress
          else jsonb_build_object('percent', d.percent, 'message', d.message,
            'at', trunkline.rfc3339(clock_timestamp()))
        end
      from done d
      where t.id = d.task_id and t.attempt = d.attempt and t.state = 'open'
      returning t.id, t.attempt, t.callback_url is not null as calls_back
      """;

  private SuccessSql() {}

  static void bind(PreparedStatement statement, List<Success> ends) throws SQLException {
    RanColumns.bind(statement, ends)
        .text(Success::result)
        .int4(end -> end.progress().map(ProgressReport::percent).orElse(null))
        .text(end -> end.progress().map(ProgressReport::message).orElse(null));
  }
}
