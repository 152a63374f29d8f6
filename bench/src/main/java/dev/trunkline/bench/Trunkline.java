package dev.trunkline.bench;

import dev.trunkline.bench.DatabaseServer.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The packaged service in a process of its own, or in several, and its clients over HTTP. Between
 * measurements its queues are paused.
 */
final class Trunkline implements Contender {

  static final String TASKS = "/api/v1/tasks";

  /** Queues that tasks are spread over; their names begin with this. */
  private static final String MANY = "many-";

  /** Attempts that ended since the database is there, as the statistics have it; cheap to ask. */
  private static final String UPDATES =
      """
      select n_tup_upd from pg_stat_user_tables
      where schemaname = 'trunkline' and relname = 'task'
      """;

  /**
   * A look is a transaction, which peers do not need, for they count by themselves. The end is read
   * from the rows, so that a late look does not matter.
   */
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(500);

  private final String name;
  private final Map<String, String> settings;
  private final Database database;
  private final List<ServiceProcess> processes = new ArrayList<>();
  private Duration firstStart = Duration.ZERO;

  Trunkline(String name, Map<String, String> settings, Database database) {
    this.name = name;
    this.settings = settings;
    this.database = database;
  }

  @Override
  public Map<String, Object> setUp() {
    firstStart = start(Map.of(), Launch.java());
    pause();
    return Map.of("version", Conditions.service(), "settings", settings);
  }

  /**
   * Starts one more process on the same database, and waits for it.
   *
   * @return how long it took until it was ready
   */
  Duration start(Map<String, String> more, Launch launch) {
    Map<String, String> all = new HashMap<>(settings);
    all.putAll(more);
    ServiceProcess process = new ServiceProcess(name, all, launch, database);
    processes.add(process);
    return process.awaitReady();
  }

  /** Ends all its processes. */
  void stop() {
    processes.forEach(ServiceProcess::close);
    processes.clear();
  }

  /** From the start of its first process, on an empty database, until it was ready. */
  Duration firstStart() {
    return firstStart;
  }

  ServiceProcess first() {
    return processes.getFirst();
  }

  ServiceProcess last() {
    return processes.getLast();
  }

  @Override
  public Count load(int tasks, int bytes) {
    return Lines.post(first(), tasks, noop(bytes));
  }

  @Override
  public Count schedule(int tasks, int bytes) {
    return Lines.post(
        first(),
        tasks,
        "{\"type\":\"noop\",\"delay\":\"P7D\",\"payload\":" + Payloads.ofBytes(bytes) + "}");
  }

  /** As {@link #load}, of tasks that answer when they began, and not, as a no-op, their payload. */
  void loadClocks(int tasks, int bytes) {
    Lines.post(first(), tasks, clock(bytes));
  }

  /** As {@link #load}, spread evenly over so many queues, which are paused until the drain. */
  void load(int tasks, int bytes, int queues) {
    database.update(
        """
        insert into trunkline.queue (name, paused_at)
        select '%s' || n, now() from generate_series(0, %d) as n
        on conflict (name) do update set paused_at = excluded.paused_at
        """
            .formatted(MANY, queues - 1));
    String fields = "\"type\":\"noop\",\"payload\":" + Payloads.ofBytes(bytes);
    Lines.post(first(), tasks, n -> "{\"queue\":\"%s%d\",%s}".formatted(MANY, n % queues, fields));
  }

  @Override
  public Count drain(int tasks) {
    String before = database.text("select clock_timestamp()");
    try (Connection connection = database.observe();
        PreparedStatement updates = connection.prepareStatement(UPDATES)) {
      double done = number(updates);
      resume();
      Waiting.until(
          () -> !isAlive() || number(updates) >= done + tasks,
          BETWEEN_LOOKS,
          "done with all tasks");
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    pause();
    return ended(before);
  }

  private boolean isAlive() {
    return processes.stream().allMatch(process -> process.handle().isAlive());
  }

  /** From the first lease to the last end, by the database's clock. */
  private Count ended(String since) {
    String sql =
        """
        select count(*), extract(epoch from max(finished_at) - min(started_at))
        from trunkline.task where started_at >= '%s' and state = 'succeeded'
        """
            .formatted(since);
    try (Connection connection = database.observe();
        ResultSet row = connection.createStatement().executeQuery(sql)) {
      row.next();
      return new Count(row.getLong(1), row.getDouble(2));
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static double number(PreparedStatement query) {
    try (ResultSet row = query.executeQuery()) {
      row.next();
      return row.getDouble(1);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public Count submit(int callers, Duration duration, int bytes) {
    return post(callers, duration, TASKS, bytes);
  }

  /** As {@link #submit}, to an address that does the same but for the SQL. */
  Count withoutSql(int callers, Duration duration, int bytes) {
    return post(callers, duration, "/bench/json", bytes);
  }

  private Count post(int callers, Duration duration, String path, int bytes) {
    try (HttpLoad load = new HttpLoad(first().port(), callers)) {
      return load.closed(callers, duration, HttpLoad.Post.of(path, noop(bytes)));
    }
  }

  static String noop(int bytes) {
    return task("noop", bytes);
  }

  static String clock(int bytes) {
    return task("bench.clock", bytes);
  }

  private static String task(String type, int bytes) {
    return "{\"type\":\"%s\",\"payload\":%s}".formatted(type, Payloads.ofBytes(bytes));
  }

  /** {@code TaskQueue.submitEach} in batches of five hundred, in the service's own process. */
  Count inProcess(int tasks, int bytes) {
    String answer = first().post("/bench/batches?tasks=" + tasks, Payloads.ofBytes(bytes));
    return new Count(tasks, Double.parseDouble(answer));
  }

  @Override
  public Latency latency(int rate, Duration duration, int bytes) {
    return latency(first(), rate, duration, bytes);
  }

  /** As {@link Contender#latency}, of tasks that this process takes. */
  Latency latency(ServiceProcess taker, int rate, Duration duration, int bytes) {
    resume();
    try {
      return new StartTimes(database).measure(taker.port(), rate, duration, bytes);
    } finally {
      pause();
    }
  }

  @Override
  public void idle(Duration duration) {
    resume();
    Waiting.sleep(duration);
  }

  @Override
  public ProcessHandle process() {
    return first().handle();
  }

  /** No new attempt starts from now on, in none of its processes. */
  void pause() {
    command("pause");
    database.update(
        "update trunkline.queue set paused_at = now() where starts_with(name, '" + MANY + "')");
  }

  /** All queues at once; the command for one of them is what the workers hear of. */
  void resume() {
    database.update(
        "update trunkline.queue set paused_at = null where starts_with(name, '" + MANY + "')");
    command("resume");
  }

  private void command(String command) {
    first().post("/api/v1/queues/default/" + command, "");
  }

  @Override
  public void close() {
    stop();
  }
}
