package dev.trunkline.bench;

import dev.trunkline.bench.DatabaseServer.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

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

  private final int batch;
  private final Database database;
  private final ExecutorService threads = Executors.newFixedThreadPool(CONNECTIONS);

  PlainSql(int batch, Database database) {
    this.batch = batch;
    this.database = database;
  }

  @Override
  public String name() {
    return batch == 1 ? "plain SQL, one by one" : "plain SQL, batches of " + batch;
  }

  @Override
  public Map<String, Object> setUp() {
    database.update(SCHEMA);
    return Map.of("connections", CONNECTIONS, "batch", batch);
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
    Object due = java.time.OffsetDateTime.parse("2000-01-01T00:00:00Z");
    Object last = new java.util.UUID(0, 0);
    connection.setAutoCommit(true);
    try (PreparedStatement claim = connection.prepareStatement(CLAIM);
        PreparedStatement finish = connection.prepareStatement(FINISH)) {
      while (true) {
        claim.setObject(1, due);
        claim.setObject(2, last);
        claim.setInt(3, batch);
        List<Object[]> tasks = new ArrayList<>();
        try (ResultSet rows = claim.executeQuery()) {
          while (rows.next()) {
            due = rows.getObject(1, java.time.OffsetDateTime.class);
            last = rows.getObject(2);
            tasks.add(new Object[] {last, rows.getInt(3), rows.getString(4), rows.getObject(5)});
          }
        }
        if (tasks.isEmpty()) {
          return;
        }
        finish.setObject(1, tasks.getFirst()[3]);
        finish.setObject(2, java.time.OffsetDateTime.now());
        finish.setArray(3, column(connection, "uuid", tasks, 0));
        finish.setArray(4, column(connection, "int4", tasks, 1));
        finish.setArray(5, column(connection, "text", tasks, 2));
        finish.executeUpdate();
      }
    }
  }

  private static java.sql.Array column(
      Connection connection, String type, List<Object[]> rows, int place) throws SQLException {
    return connection.createArrayOf(type, rows.stream().map(row -> row[place]).toArray());
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
}
