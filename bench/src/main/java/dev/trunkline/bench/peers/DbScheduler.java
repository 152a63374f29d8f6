package dev.trunkline.bench.peers;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerBuilder;
import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.serializer.JacksonSerializer;
import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javax.sql.DataSource;

/**
 * db-scheduler. README.md and docs/performance.md are those of
 * https://github.com/kagkarlsson/db-scheduler.
 */
final class DbScheduler implements Peer {
  private static final TaskDescriptor<Payload> TASK = TaskDescriptor.of("noop", Payload.class);

  // docs/performance.md, "Benchmark": the fastest there for the smaller of its two databases.
  private static final int TUNED_THREADS = 100;
  private static final double LOWER_LIMIT = 2.0;
  private static final double UPPER_LIMIT = 6.0;

  // Not documented: chosen by trial, between HikariCP's default and one for each thread.
  private static final int TUNED_CONNECTIONS = 20;

  private final boolean tuned;
  private final HikariDataSource pool;
  private final Connection observer;
  private Consumer<String> onTask = text -> {};
  private SchedulerClient client;
  private Scheduler scheduler;

  private DbScheduler(boolean tuned) throws SQLException {
    this.tuned = tuned;
    this.pool = Database.pool(tuned ? TUNED_CONNECTIONS : Database.DEFAULT_CONNECTIONS);
    this.observer = Database.observer();
  }

  public static void main(String[] arguments) throws Exception {
    Protocol.serve(new DbScheduler(Protocol.isTuned(arguments)));
  }

  @Override
  public Setup setup() throws SQLException {
    createTable();
    client = clientOf(pool);
    return new Setup(Peer.versionOf(Scheduler.class), settings());
  }

  // README.md, "Database compatibility": the library leaves creating its table to the application.
  private void createTable() throws SQLException {
    try (var statement = observer.createStatement()) {
      statement.execute(
          """
          create table if not exists scheduled_tasks (
            task_name text not null,
            task_instance text not null,
            task_data bytea,
            execution_time timestamptz not null,
            picked boolean not null,
            picked_by text,
            last_success timestamptz,
            last_failure timestamptz,
            consecutive_failures int,
            last_heartbeat timestamptz,
            version bigint not null,
            priority smallint,
            primary key (task_name, task_instance));
          create index if not exists execution_time_idx on scheduled_tasks (execution_time);
          create index if not exists last_heartbeat_idx on scheduled_tasks (last_heartbeat);
          create index if not exists priority_execution_time_idx
            on scheduled_tasks (priority desc, execution_time asc);
          """);
    }
  }

  private Map<String, Object> settings() {
    var settings = new LinkedHashMap<String, Object>();
    settings.put("serializer", "JacksonSerializer");
    settings.put("maximumPoolSize", pool.getMaximumPoolSize());
    if (tuned) {
      settings.put("threads", TUNED_THREADS);
      settings.put("pollUsingLockAndFetch", LOWER_LIMIT + ", " + UPPER_LIMIT);
      settings.put("enableImmediateExecution", true);
    }
    return settings;
  }

  // README.md, "One-time task": scheduleBatch
  @Override
  public void addMany(Stream<String> texts, Optional<Instant> due) {
    Stream<TaskInstance<?>> tasks = texts.map(DbScheduler::taskOf);
    client.scheduleBatch(tasks, due.orElseGet(Instant::now));
  }

  /** Through the scheduler itself, which is what immediate execution needs to hear of a task. */
  @Override
  public void submit(String text) {
    scheduler.scheduleIfNotExists(taskOf(text), Instant.now());
  }

  @Override
  public Callers openCallers(int count) throws SQLException {
    var connections = Database.openPool(count);
    var caller = clientOf(connections);
    return new Callers() {
      @Override
      public void submit(String text) {
        caller.scheduleIfNotExists(taskOf(text), Instant.now());
      }

      @Override
      public void close() {
        connections.close();
      }
    };
  }

  @Override
  public void startWorker(Consumer<String> onTask) {
    this.onTask = onTask;
    scheduler = configured(Scheduler.create(pool, task())).build();
    scheduler.start();
  }

  private SchedulerBuilder configured(SchedulerBuilder builder) {
    // README.md, "Serializers": JSON, as every other peer stores it; Java serialization otherwise.
    builder.serializer(new JacksonSerializer());
    if (tuned) {
      // README.md, "Consider tuning" and "Polling strategy"
      builder
          .threads(TUNED_THREADS)
          .pollUsingLockAndFetch(LOWER_LIMIT, UPPER_LIMIT)
          .enableImmediateExecution();
    }
    return builder;
  }

  @Override
  public void stopWorker() {
    scheduler.stop();
  }

  /** A one-time task that has run is deleted. */
  @Override
  public boolean hasUnfinished() throws SQLException {
    return Database.ask(
        observer, "select exists (select from scheduled_tasks where execution_time <= now())");
  }

  @Override
  public void close() throws SQLException {
    pool.close();
    observer.close();
  }

  private SchedulerClient clientOf(DataSource connections) {
    return SchedulerClient.Builder.create(connections, task())
        .serializer(new JacksonSerializer())
        .build();
  }

  private OneTimeTask<Payload> task() {
    return Tasks.oneTime(TASK).execute((task, context) -> onTask.accept(task.getData().text()));
  }

  private static TaskInstance<Payload> taskOf(String text) {
    return TASK.instance(UUID.randomUUID().toString()).data(new Payload(text)).build();
  }

  private record Payload(String text) {}
}
