package dev.trunkline.maintain;

import dev.trunkline.database.TestDatabase;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/** Puts tasks that ended some time ago into a database, with their attempts and entries. */
final class Ended {

  private static final String INSERT =
      """
      with stored as (
        insert into trunkline.task (id, type, queue, priority, payload, max_attempts, attempt_limit,
          timeout, run_at, created_at, state, result, error, worker, started_at, finished_at,
          idempotency_key, idempotency_hash)
        select (lpad(to_hex((extract(epoch from n.submitted) * 1000)::bigint), 12, '0')
            || substr(replace(gen_random_uuid()::text, '-', ''), 13))::uuid,
          'test', 'default', 5, '{"n": 1}', 3, 3, interval '1 minute', n.submitted, n.submitted,
          n.state, case when n.state = 'succeeded' then '{}'::jsonb end,
          case when n.state = 'failed' then '{}'::jsonb end, 'w1', n.submitted,
          n.finished, n.key, case when n.key is not null then '\\x00'::bytea end
        from (
          select s.state, now() - s.submitted as submitted, now() - s.finished as finished, s.key
          from (select ?::text as state, ?::interval as submitted, ?::interval as finished,
              ?::text as key) as s
          cross join generate_series(1, ?)) as n
        returning id, state, finished_at
      ), listed as (
        insert into trunkline.unsuccessful (task_id, state, queue, finished_at)
        select id, state, 'default', finished_at from stored where state in ('failed', 'cancelled')
      ), tried as (
        insert into trunkline.attempt (task_id, number, worker, started_at, finished_at, outcome)
        select id, n, 'w1', now(), now(), 'failed' from stored cross join generate_series(1, 2) as n
      )
      select id from stored order by id
      """;

  private final TestDatabase database;

  private Ended(TestDatabase database) {
    this.database = database;
  }

  static Ended in(TestDatabase database) {
    return new Ended(database);
  }

  /** Submitted a little before it ended. */
  UUID one(String state, Duration ago) {
    return many(state, ago, 1).getFirst();
  }

  List<UUID> many(String state, Duration ago, int count) {
    return insert(state, ago.plusSeconds(1), ago, null, count);
  }

  UUID submittedAt(String state, Duration submitted, Duration ago) {
    return insert(state, submitted, ago, null, 1).getFirst();
  }

  UUID keyed(String key, Duration ago) {
    return insert("succeeded", ago.plusSeconds(1), ago, key, 1).getFirst();
  }

  /** Open, and submitted that long ago. */
  UUID open(Duration submitted) {
    return insert("open", submitted, null, null, 1).getFirst();
  }

  private List<UUID> insert(String state, Duration submitted, Duration ago, String key, int count) {
    return database.column(
        UUID.class,
        INSERT,
        state,
        submitted.toString(),
        ago == null ? null : ago.toString(),
        key,
        count);
  }
}
