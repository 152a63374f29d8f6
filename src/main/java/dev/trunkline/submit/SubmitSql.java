package dev.trunkline.submit;

import dev.trunkline.database.ArrayColumns;
import dev.trunkline.task.Task;
import dev.trunkline.task.TaskState;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The statements that store a batch of tasks, and find those that idempotency keys stand for. */
final class SubmitSql {

  /**
   * The rows come as one array a column, tags as the text of an array of their own, for PostgreSQL
   * has no arrays of unequal rows. A key that is taken already inserts nothing; keys and new queues
   * are inserted in their order, so that two batches with the same ones do not wait for each other
   * in a circle. In a transaction of the caller's a new queue is only noted, since others would
   * wait for its key until that ends. A time that has passed means now, so that nobody is overtaken
   * by a task that claims to be older.
   */
  static final String STORED =
      """
      input as materialized (
        select i.ord, trunkline.uuidv7() as id, clock_timestamp() as created_at, i.type, i.queue,
          i.priority, i.tags::text[] as tags, i.payload::jsonb as payload, i.max_attempts,
          i.timeout, i.delay, i.run_at, i.expires_at, i.key,
          case when i.key is not null
            then trunkline.fingerprint(i.type, i.payload::jsonb, i.asked::jsonb) end as hash,
          i.traceparent, i.callback_url
        from unnest(
            ?::text[], ?::text[], ?::smallint[], ?::text[], ?::text[], ?::int[], ?::interval[],
            ?::interval[], ?::timestamptz[], ?::timestamptz[], ?::text[], ?::text[], ?::text[],
            ?::text[])
          with ordinality
          as i (type, queue, priority, tags, payload, max_attempts, timeout, delay, run_at,
                expires_at, key, asked, traceparent, callback_url, ord)
      ), new_queue as (
        insert into trunkline.queue (name)
        select distinct i.queue from input i
        where not ?::boolean
          and not exists (select from trunkline.queue q where q.name = i.queue)
        order by i.queue
        on conflict do nothing
        returning name
      ), noted_queue as (
        insert into trunkline.new_queue (name)
        select distinct i.queue from input i
        where ?::boolean
          and not exists (select from trunkline.queue q where q.name = i.queue)
      ), stored as (
        insert into trunkline.task (id, type, queue, priority, tags, payload, max_attempts,
          attempt_limit, timeout, run_at, expires_at, idempotency_key, idempotency_hash,
          traceparent, callback_url, created_at)
        select id, type, queue, priority, tags, payload, max_attempts, max_attempts, timeout,
          greatest(coalesce(run_at, created_at + delay, created_at), created_at), expires_at, key,
          hash, traceparent, callback_url, created_at
        from input
        order by key, ord
        on conflict (idempotency_key) where idempotency_key is not null do nothing
        returning id, type, queue, priority, run_at, expires_at
      )
      """;

  /** One multi-row statement. A key that is taken already comes back without an id. */
  static final String INSERT =
      "with "
          + STORED
          + """
          , waiting as (
            insert into trunkline.ready (queue, priority, due, task_id, type, expires_at)
            select queue, priority, run_at, id, type, expires_at from stored
          )
          select s.id, s.run_at, i.created_at, s.run_at > i.created_at as later
          from input i left join stored s on s.id = i.id
          order by i.ord
          """;

  /** For one transaction, which finds out who is behind a lock after many have waited for it. */
  static final String HURRY = "select set_config('lock_timeout', '100ms', true)";

  static final String FIND_BY_KEY =
      """
      select id, idempotency_hash = trunkline.fingerprint(?, ?::jsonb, ?::jsonb) as same
      from trunkline.task
      where idempotency_key = ?
      """;

  /**
   * The same for many. One look into the index for each key, whatever the planner thinks of the
   * number of rows: a plan that joins would read every task that has a key.
   */
  static final String FIND_BY_KEYS =
      """
      select i.ord, t.id,
        t.idempotency_hash = trunkline.fingerprint(i.type, i.payload::jsonb, i.asked::jsonb) as same
      from unnest(?::text[], ?::text[], ?::text[], ?::text[]) with ordinality
          as i (type, payload, asked, key, ord)
        cross join lateral (
          select id, idempotency_hash from trunkline.task where idempotency_key = i.key limit 1
        ) t
      """;

  private SubmitSql() {}

  /**
   * Binds what {@link #STORED} asks for.
   *
   * @param apart whether the transaction is this write's own, and ends with it
   * @return the index of the next parameter
   */
  static int bind(PreparedStatement statement, List<NewTask> tasks, boolean apart)
      throws SQLException {
    new ArrayColumns<NewTask>(statement, 1, tasks)
        .text(task -> task.submission().type())
        .text(NewTask::queue)
        .int2(NewTask::priority)
        .text(task -> tagsText(statement.getConnection(), task.submission().tags()))
        .text(task -> task.submission().payload())
        .int4(NewTask::maxAttempts)
        .text(task -> task.timeout().toString())
        .text(task -> orNull(task.submission().delay()))
        .text(task -> orNull(task.submission().runAt()))
        .text(task -> orNull(task.submission().expiresAt()))
        .text(task -> key(task).orElse(null))
        .text(task -> key(task).map(key -> Asked.json(task.submission())).orElse(null))
        .text(NewTask::traceparent)
        .text(task -> task.submission().callback().orElse(null));
    statement.setBoolean(15, !apart);
    statement.setBoolean(16, !apart);
    return 17;
  }

  static void bindKey(PreparedStatement statement, Submission submission) throws SQLException {
    statement.setString(1, submission.type());
    statement.setString(2, submission.payload());
    statement.setString(3, Asked.json(submission));
    statement.setString(4, submission.idempotencyKey().orElseThrow());
  }

  static void bindKeys(PreparedStatement statement, List<Submission> submissions)
      throws SQLException {
    new ArrayColumns<Submission>(statement, 1, submissions)
        .text(Submission::type)
        .text(Submission::payload)
        .text(Asked::json)
        .text(submission -> submission.idempotencyKey().orElseThrow());
  }

  /** The stored task of the present row, or empty where its idempotency key was taken. */
  static Optional<Task> read(ResultSet row, NewTask stored) throws SQLException {
    UUID id = row.getObject("id", UUID.class);
    if (id == null) {
      return Optional.empty();
    }
    Task task = asTask(stored);
    task.id = id;
    task.runAt = row.getObject("run_at", OffsetDateTime.class).toInstant();
    task.createdAt = row.getObject("created_at", OffsetDateTime.class).toInstant();
    task.state = row.getBoolean("later") ? TaskState.SCHEDULED : TaskState.QUEUED;
    return Optional.of(task);
  }

  private static Task asTask(NewTask stored) {
    Submission submission = stored.submission();
    Task task = new Task();
    task.type = submission.type();
    task.queue = stored.queue();
    task.priority = stored.priority();
    task.tags = submission.tags();
    task.payload = submission.payload();
    task.attempt = 1;
    task.maxAttempts = stored.maxAttempts();
    task.timeout = stored.timeout();
    task.expiresAt = submission.expiresAt().orElse(null);
    task.traceparent = stored.traceparent();
    return task;
  }

  private static Optional<String> key(NewTask task) {
    return task.submission().idempotencyKey();
  }

  private static @Nullable String orNull(Optional<?> value) {
    return value.map(Object::toString).orElse(null);
  }

  private static String tagsText(Connection connection, List<String> tags) throws SQLException {
    if (tags.isEmpty()) {
      return "{}";
    }
    Array array = connection.createArrayOf("text", tags.toArray());
    return array.toString();
  }
}
