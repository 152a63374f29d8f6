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
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The statements that store a batch of tasks, and find those that idempotency keys stand for. */
final class SubmitSql {

  /**
   * What the tasks are like, once for each kind ({@link Kinds}), and the queues that are new. One
   * array a column, tags as the text of an array of their own, for PostgreSQL has no arrays of
   * unequal rows. New queues are inserted in their order, so that two batches with the same ones do
   * not wait for each other in a circle. In a transaction of the caller's a new queue is only
   * noted, since others would wait for its key until that ends.
   */
  private static final String KINDS =
      """
      kind as materialized (
        select k.number, k.type, k.queue, k.priority, k.tags::text[] as tags, k.max_attempts,
          k.timeout, k.delay, k.run_at, k.expires_at, k.traceparent, k.callback_url
        from unnest(
            ?::text[], ?::text[], ?::smallint[], ?::text[], ?::int[], ?::interval[], ?::interval[],
            ?::timestamptz[], ?::timestamptz[], ?::text[], ?::text[])
          with ordinality
          as k (type, queue, priority, tags, max_attempts, timeout, delay, run_at, expires_at,
                traceparent, callback_url, number)
      ), new_queue as (
        insert into trunkline.queue (name)
        select distinct k.queue from kind k
        where not ?::boolean
          and not exists (select from trunkline.queue q where q.name = k.queue)
        order by k.queue
        on conflict do nothing
        returning name
      ), noted_queue as (
        insert into trunkline.new_queue (name)
        select distinct k.queue from kind k
        where ?::boolean
          and not exists (select from trunkline.queue q where q.name = k.queue)
      )
      """;

  /**
   * Stores tasks that have no idempotency key: a payload and the number of its kind for each. A
   * time that has passed means now, so that nobody is overtaken by a task that claims to be older.
   */
  static final String STORED =
      KINDS
          + """
          , input as materialized (
            select i.ord, i.id, i.payload, i.kind, i.created_at,
              greatest(coalesce(k.run_at, i.created_at + k.delay, i.created_at), i.created_at)
                as run_at
            from (
              select ord, trunkline.uuidv7() as id, payload::jsonb as payload, kind,
                clock_timestamp() as created_at
              from unnest(?::text[], ?::int[]) with ordinality as i (payload, kind, ord)
              offset 0) i
            join kind k on k.number = i.kind
          ), stored as (
            insert into trunkline.task (id, type, queue, priority, tags, payload, max_attempts,
              attempt_limit, timeout, run_at, expires_at, traceparent, callback_url, created_at)
            select i.id, k.type, k.queue, k.priority, k.tags, i.payload, k.max_attempts,
              k.max_attempts, k.timeout, i.run_at, k.expires_at, k.traceparent, k.callback_url,
              i.created_at
            from input i
            join kind k on k.number = i.kind
            returning id, type, queue, priority, run_at, expires_at
          )
          """;

  /** As {@link #STORED}, of tasks that may have keys. One that is taken already inserts nothing. */
  private static final String STORED_BY_KEY =
      KINDS
          + """
          , input as materialized (
            select ord, trunkline.uuidv7() as id, payload::jsonb as payload, kind, key,
              asked::jsonb as asked, clock_timestamp() as created_at
            from unnest(?::text[], ?::int[], ?::text[], ?::text[]) with ordinality
              as i (payload, kind, key, asked, ord)
          ), stored as (
            insert into trunkline.task (id, type, queue, priority, tags, payload, max_attempts,
              attempt_limit, timeout, run_at, expires_at, idempotency_key, idempotency_hash,
              traceparent, callback_url, created_at)
            select i.id, k.type, k.queue, k.priority, k.tags, i.payload, k.max_attempts,
              k.max_attempts, k.timeout,
              greatest(coalesce(k.run_at, i.created_at + k.delay, i.created_at), i.created_at),
              k.expires_at, i.key,
              case when i.key is not null
                then trunkline.fingerprint(k.type, i.payload, i.asked) end,
              k.traceparent, k.callback_url, i.created_at
            from input i
            join kind k on k.number = i.kind
            order by i.key, i.ord
            on conflict (idempotency_key) where idempotency_key is not null do nothing
            returning id, type, queue, priority, run_at, expires_at
          )
          """;

  private static final String WAITING =
      """
      , waiting as (
        insert into trunkline.ready (queue, priority, due, task_id, type, expires_at)
        select queue, priority, run_at, id, type, expires_at from stored
      )
      """;

  /** One multi-row statement, for tasks that have no idempotency key. */
  static final String INSERT =
      "with "
          + STORED
          + WAITING
          + """
          select i.id, i.run_at, i.created_at, i.run_at > i.created_at as later
          from input i
          order by i.ord
          """;

  /**
   * The same for tasks that may have keys, which are written in the order of these. One that is
   * taken already comes back without an id.
   */
  static final String INSERT_BY_KEY =
      "with "
          + STORED_BY_KEY
          + WAITING
          + """
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

  private static boolean haveKeys(List<NewTask> tasks) {
    return tasks.stream().anyMatch(NewTask::hasKey);
  }

  /** The statement that stores these tasks. */
  static String insert(List<NewTask> tasks) {
    return haveKeys(tasks) ? INSERT_BY_KEY : INSERT;
  }

  /**
   * Binds what {@link #insert} has chosen for these tasks, or {@link #STORED} asks for.
   *
   * @param apart whether the transaction is this write's own, and ends with it
   * @return the index of the next parameter
   */
  static int bind(PreparedStatement statement, List<NewTask> tasks, boolean apart)
      throws SQLException {
    Kinds kinds = Kinds.of(tasks);
    bindKinds(statement, kinds.all());
    statement.setBoolean(12, !apart);
    statement.setBoolean(13, !apart);
    Iterator<Integer> numbers = kinds.numbers().iterator();
    ArrayColumns<NewTask> columns =
        new ArrayColumns<NewTask>(statement, 14, tasks)
            .text(task -> task.submission().payload())
            .int4(_ -> numbers.next());
    if (haveKeys(tasks)) {
      columns
          .text(task -> task.submission().idempotencyKey().orElse(null))
          .text(task -> task.hasKey() ? Asked.json(task.submission()) : null);
      return 18;
    }
    return 16;
  }

  private static void bindKinds(PreparedStatement statement, List<Kinds.Kind> kinds)
      throws SQLException {
    new ArrayColumns<Kinds.Kind>(statement, 1, kinds)
        .text(Kinds.Kind::type)
        .text(Kinds.Kind::queue)
        .int2(Kinds.Kind::priority)
        .text(kind -> tagsText(statement.getConnection(), kind.tags()))
        .int4(Kinds.Kind::maxAttempts)
        .text(kind -> kind.timeout().toString())
        .text(kind -> orNull(kind.delay()))
        .text(kind -> orNull(kind.runAt()))
        .text(kind -> orNull(kind.expiresAt()))
        .text(Kinds.Kind::traceparent)
        .text(kind -> kind.callback().orElse(null));
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

  /** The id of the present row's task, or empty where its idempotency key was taken. */
  static Optional<UUID> readId(ResultSet row, NewTask stored) throws SQLException {
    return Optional.ofNullable(row.getObject("id", UUID.class));
  }

  /** The stored task of the present row, or empty where its idempotency key was taken. */
  static Optional<Task> read(ResultSet row, NewTask stored) throws SQLException {
    Optional<UUID> id = readId(row, stored);
    if (id.isEmpty()) {
      return Optional.empty();
    }
    Task task = asTask(stored);
    task.id = id.get();
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
