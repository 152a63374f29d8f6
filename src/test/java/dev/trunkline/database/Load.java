package dev.trunkline.database;

/** A database with enough in it for the planner to mind: 120,000 tasks. */
public final class Load {

  /** 60,000 tasks are due in ten queues, 20,000 are for next week, and the rest is done. */
  private static final String TASKS =
      """
      with stored as (
        insert into trunkline.task (id, type, queue, priority, payload, max_attempts, attempt_limit,
          timeout, run_at, created_at, state, result, worker, started_at, finished_at)
        select trunkline.uuidv7(), 'test', 'queue-' || n % 10, n % 3 + 4,
          jsonb_build_object('text', repeat('x', 80)), 5, 5, interval '1 minute',
          clock_timestamp() + case when n % 6 = 0 then interval '7 days' else interval '0' end,
          clock_timestamp(), s.state, case when s.state = 'succeeded' then '{"done": true}'::jsonb
          end, case when s.state = 'succeeded' then 'w1' end, s.at, s.at
        from generate_series(1, 120000) as n
        cross join lateral (
          select case when n % 3 = 1 then 'succeeded' else 'open' end as state,
            case when n % 3 = 1 then now() end as at) s
        returning *
      ), waiting as (
        insert into trunkline.ready (queue, priority, due, task_id, type, expires_at)
        select queue, priority, run_at, id, type, expires_at from stored where state = 'open'
      )
      select count(*) from stored
      """;

  private Load() {}

  public static TestDatabase loaded() {
    TestDatabase database = TestDatabase.fresh();
    database.update(
        "insert into trunkline.queue (name) select 'queue-' || n from generate_series(0, 9) as n");
    if (database.count(TASKS) != 120_000) {
      throw new AssertionError("not loaded");
    }
    database.update("vacuum analyze");
    return database;
  }

  /**
   * Ten for each queue that is not paused; tests of the same load may bring queues of their own.
   */
  public static long openLanes(TestDatabase database) {
    return 10 * database.count("select count(*) from trunkline.queue where paused_at is null");
  }
}
