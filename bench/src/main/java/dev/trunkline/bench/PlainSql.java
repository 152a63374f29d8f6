package dev.trunkline.bench;

import dev.trunkline.bench.DatabaseServer.Database;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * What PostgreSQL does with nothing around it: the statements a queue needs, prepared, on two
 * connections, which is what two cores are busy with. The shape is Trunkline's without what makes
 * it a product: a narrow row while a task waits, a task that is written at its beginning and at its
 * end, a lease for each batch. No checks, no types, no queues, no retries.
 */
final class PlainSql implements Contender {

  private static final int CONNECTIONS = 2;

  private static final String SCHEMA =
      """
      create table task (id uuid primary key, queue text not null, payload jsonb not null,
        attempt int not null default 1, state text not null default 'open', result jsonb,
        created_at timestamptz not null default clock_timestamp(), started_at timestamptz,
        finished_at timestamptz) with (fillfactor = 45);
      create table ready (queue text, due timestamptz, task_id uuid,
        primary key (queue, due, task_id));
      create table lease (id uuid primary key, task_ids uuid[], started_at timestamptz);
      """;

  private static final String INSERT =
      """
      with input as (
        select uuidv7() as id, p::jsonb as payload from unnest(?::text[]) as p
      ), stored as (
        insert into task (id, queue, payload) select id, 'default', payload from input
      )
      insert into ready (queue, due, task_id) select 'default', clock_timestamp() + ?::interval, id
      from input
      """;

  private static final String CLAIM =
      """
      with picked as materialized (
        select ctid, due, task_id from ready
        where queue = 'default' and due <= now() and (due, task_id) > (?, ?)
        order by due, task_id
        limit ?
        for update skip locked
      ), gone as (
        delete from ready where ctid = any(array(select ctid from picked))
      ), leased as (
        insert into lease (id, task_ids, started_at)
        select uuidv7(), ids, clock_timestamp() from (select array_agg(task_id) as ids from picked) t
        where ids is not null
        returning id
      )
      select p.due, t.id, t.attempt, t.payload::text, l.id as lease
      from picked p join task t on t.id = p.task_id cross join leased l
      order by p.due, p.task_id
      """;

  private static final String FINISH =
      """
      with gone as (delete from lease where id = ?)
      update task t set state = 'succeeded', result = d.result::jsonb, finished_at = clock_timestamp(),
        started_at = ?
      from unnest(?::uuid[], ?::int[], ?::text[]) as d (id, attempt, result)
      where t.id = d.id and t.attempt = d.attempt and t.state = 'open'
      """;

  private static final OffsetDateTime BEFORE_ALL = OffsetDateTime.parse("2000-01-01T00:00:00Z");

  private final int batch;
  private final Database database;
  private final ExecutorService threads = Executors.newFixedThreadPool(CONNECTIONS);

  PlainSql(int batch, Database database) {
    this.batch = batch;
    this.database = database;
  }

  @Override
  public Map<String, Object> setUp() {
    database.update(SCHEMA);
    return Map.of("settings", Map.of("connections", CONNECTIONS, "batch", batch));
  }

  @Override
  public Count load(int tasks, int bytes) {
    return insert(tasks, bytes, "0");
  }

  @Override
  public Count schedule(int tasks, int bytes) {
    return insert(tasks, bytes, "7 days");
  }

  private Count insert(int tasks, int bytes, String delay) {
    AtomicInteger left = new AtomicInteger(tasks);
    String[] payloads = new String[batch];
    Arrays.fill(payloads, Payloads.ofBytes(bytes));
    return together(
        tasks,
        connection -> {
          try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
            while (left.getAndAdd(-batch) > 0) {
              insert.setArray(1, connection.createArrayOf("text", payloads));
              insert.setString(2, delay);
              insert.executeUpdate();
            }
          }
        });
  }

  @Override
  public Count drain(int tasks) {
    return together(tasks, this::drain);
  }

  private void drain(Connection connection) throws SQLException {
    try (PreparedStatement claim = connection.prepareStatement(CLAIM);
        PreparedStatement finish = connection.prepareStatement(FINISH)) {
      List<Claimed> tasks = claim(claim, BEFORE_ALL, new UUID(0, 0));
      while (!tasks.isEmpty()) {
        finish(finish, tasks);
        tasks = claim(claim, tasks.getLast().due(), tasks.getLast().id());
      }
    }
  }

  private List<Claimed> claim(PreparedStatement claim, OffsetDateTime due, UUID last)
      throws SQLException {
    claim.setObject(1, due);
    claim.setObject(2, last);
    claim.setInt(3, batch);
    List<Claimed> tasks = new ArrayList<>();
    try (ResultSet rows = claim.executeQuery()) {
      while (rows.next()) {
        tasks.add(
            new Claimed(
                rows.getObject(1, OffsetDateTime.class),
                rows.getObject(2, UUID.class),
                rows.getInt(3),
                rows.getString(4),
                rows.getObject(5, UUID.class)));
      }
    }
    return tasks;
  }

  private static void finish(PreparedStatement finish, List<Claimed> tasks) throws SQLException {
    finish.setObject(1, tasks.getFirst().lease());
    finish.setObject(2, OffsetDateTime.now());
    finish.setArray(3, column(finish, "uuid", tasks, Claimed::id));
    finish.setArray(4, column(finish, "int4", tasks, Claimed::attempt));
    finish.setArray(5, column(finish, "text", tasks, Claimed::payload));
    finish.executeUpdate();
  }

  private static Array column(
      PreparedStatement statement,
      String type,
      List<Claimed> tasks,
      Function<Claimed, Object> value)
      throws SQLException {
    return statement.getConnection().createArrayOf(type, tasks.stream().map(value).toArray());
  }

  private Count together(int tasks, Work work) {
    List<Callable<Void>> all = new ArrayList<>();
    for (int i = 0; i < CONNECTIONS; i++) {
      all.add(
          () -> {
            try (Connection connection = database.connect()) {
              work.run(connection);
              return null;
            }
          });
    }
    long start = System.nanoTime();
    try {
      for (Future<Void> done : threads.invokeAll(all)) {
        done.get();
      }
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    }
    return new Count(tasks, (System.nanoTime() - start) / 1e9);
  }

  @Override
  public Count submit(int callers, Duration duration, int bytes) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Latency latency(int rate, Duration duration, int bytes) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void idle(Duration duration) {
    throw new UnsupportedOperationException();
  }

  @Override
  public ProcessHandle process() {
    return ProcessHandle.current();
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }

  private interface Work {
    void run(Connection connection) throws SQLException;
  }

  private record Claimed(OffsetDateTime due, UUID id, int attempt, String payload, UUID lease) {}
}
