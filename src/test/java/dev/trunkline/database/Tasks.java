package dev.trunkline.database;

import java.time.Duration;
import java.util.List;
import java.util.UUID;

/** Puts tasks, workers and leases into a database, and leads single tasks through their states. */
public final class Tasks {

  private static final String INSERT =
      """
      with stored as (
        insert into trunkline.task (id, type, queue, priority, payload, max_attempts, attempt_limit,
          timeout, run_at, expires_at, callback_url, created_at)
        select trunkline.uuidv7(), ?, ?, ?, '{"n": 1}', ?, ?, interval '1 minute',
          clock_timestamp() + ?::interval, clock_timestamp() + ?::interval, ?, clock_timestamp()
        from generate_series(1, ?)
        returning *
      ), waiting as (
        insert into trunkline.ready (queue, priority, due, task_id, type, expires_at)
        select queue, priority, run_at, id, type, expires_at from stored
      )
      select id from stored order by run_at, id
      """;

  private final TestDatabase database;
  private String type = "test";
  private String queue = "default";
  private int priority = 5;
  private int maxAttempts = 3;
  private Duration delay = Duration.ofSeconds(-1);
  private Duration expiry = null;
  private String callback = null;

  private Tasks(TestDatabase database) {
    this.database = database;
  }

  /**
   * Tasks of the type {@code test}, due for a second, with three attempts, until told otherwise.
   */
  public static Tasks in(TestDatabase database) {
    return new Tasks(database);
  }

  public Tasks type(String name) {
    type = name;
    return this;
  }

  public Tasks queue(String name) {
    queue = name;
    return this;
  }

  public Tasks priority(int value) {
    priority = value;
    return this;
  }

  public Tasks maxAttempts(int value) {
    maxAttempts = value;
    return this;
  }

  public Tasks dueIn(Duration value) {
    delay = value;
    return this;
  }

  public Tasks expiresIn(Duration value) {
    expiry = value;
    return this;
  }

  /** They have this callback. */
  public Tasks callback(String url) {
    callback = url;
    return this;
  }

  public UUID one() {
    return many(1).getFirst();
  }

  /** In the order in which they are due. */
  public List<UUID> many(int count) {
    database.update("insert into trunkline.queue (name) values (?) on conflict do nothing", queue);
    return database.column(
        UUID.class,
        INSERT,
        type,
        queue,
        priority,
        maxAttempts,
        maxAttempts,
        delay.toString(),
        expiry == null ? null : expiry.toString(),
        callback,
        count);
  }

  /** A worker that lives for the next hour. */
  public static UUID worker(TestDatabase database, String name) {
    return database.value(
        UUID.class,
        """
        insert into trunkline.worker (id, name, started_at, heartbeat_at, expires_at)
        select trunkline.uuidv7(), ?, now(), now(), now() + interval '1 hour'
        returning id
        """,
        name);
  }

  /** Takes tasks as a claim does, under the attempts that they are at. */
  public static UUID lease(TestDatabase database, UUID worker, List<UUID> tasks) {
    return database.value(
        UUID.class,
        """
        with ids as (
          select string_to_array(?, ',')::uuid[] as list
        ), gone as (
          delete from trunkline.ready using ids where task_id = any(ids.list)
        )
        insert into trunkline.lease (id, worker_id, task_ids, attempts, started_at)
        select gen_random_uuid(), ?, array_agg(t.id order by t.id),
          array_agg(t.attempt order by t.id), clock_timestamp()
        from trunkline.task t cross join ids
        where t.id = any(ids.list)
        returning id
        """,
        String.join(",", tasks.stream().map(UUID::toString).toList()),
        worker);
  }

  /** The worker's heartbeats have stayed away. */
  public static void silence(TestDatabase database, UUID worker) {
    database.update(
        "update trunkline.worker set expires_at = now() - interval '1 second' where id = ?",
        worker);
  }

  /** Whether it may be claimed, now or later. */
  public static boolean isWaiting(TestDatabase database, UUID task) {
    return database.count("select count(*) from trunkline.ready where task_id = ?", task) > 0;
  }
}
