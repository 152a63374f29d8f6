package dev.trunkline.finish;

import dev.trunkline.database.ArrayColumns;
import dev.trunkline.finish.AttemptEnd.Success;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The statement that finishes a batch of attempts with their results. */
final class SuccessSql {

  /**
   * One heap-only update for each task, and only while the attempt is the current one: the ids that
   * come back are those that were. The materialised input keeps the planner at the primary key; it
   * is in the order of the ids, in which all who write several tasks lock them. Who ran them and
   * since when comes once for each lease, and not for each task.
   *
   * <p>Leases of which no attempt is left go along.
   */
  static final String FINISH =
      """
      with run as materialized (
        select * from unnest(?::text[], ?::timestamptz[]) with ordinality
          as r (worker, started_at, number)
      ), done as materialized (
        select d.*, r.worker, r.started_at
        from unnest(?::uuid[], ?::int[], ?::int[], ?::text[], ?::int[], ?::text[])
          as d (task_id, attempt, run, result, percent, message)
        join run r on r.number = d.run
        order by d.task_id
      ), gone as (
      """
          + AttemptEndWriter.DISCARD_LEASES
          + """
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

  /**
   * @param emptied leases of which no attempt is left
   */
  static void bind(PreparedStatement statement, List<Success> ends, Collection<UUID> emptied)
      throws SQLException {
    Map<Run, Integer> runs = new LinkedHashMap<>();
    ends.forEach(end -> runs.putIfAbsent(Run.of(end), runs.size() + 1));
    new ArrayColumns<Run>(statement, 1, runs.keySet())
        .text(Run::worker)
        .text(run -> run.startedAt().toString());
    new ArrayColumns<Success>(statement, 3, ends)
        .uuid(end -> end.ran().token().taskId())
        .int4(end -> end.ran().token().attempt())
        .int4(end -> runs.get(Run.of(end)))
        .text(Success::result)
        .int4(end -> end.progress().map(ProgressReport::percent).orElse(null))
        .text(end -> end.progress().map(ProgressReport::message).orElse(null));
    statement.setArray(9, statement.getConnection().createArrayOf("uuid", emptied.toArray()));
  }

  /** What all attempts of a lease have in common. */
  private record Run(String worker, Instant startedAt) {

    static Run of(Success end) {
      return new Run(end.ran().worker(), end.ran().startedAt());
    }
  }
}
