package dev.trunkline.bench.peers;

import static org.jobrunr.server.BackgroundJobServerConfiguration.usingStandardBackgroundJobServerConfiguration;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jobrunr.configuration.JobRunrConfiguration;
import org.jobrunr.jobs.lambdas.JobRequest;
import org.jobrunr.jobs.lambdas.JobRequestHandler;
import org.jobrunr.scheduling.JobBuilder;
import org.jobrunr.scheduling.JobRequestScheduler;
import org.jobrunr.server.BackgroundJobServer;
import org.jobrunr.server.BackgroundJobServerConfiguration;
import org.jobrunr.server.JobActivator;
import org.jobrunr.storage.sql.postgres.PostgresStorageProvider;

/** JobRunr. Its pages are cited by their path below https://www.jobrunr.io/en/documentation/. */
final class JobRunr implements Peer {
  // The least that it accepts of a database: "The smallest supported pollInterval is 5 seconds".
  private static final int TUNED_POLL_SECONDS = 5;

  // Documented as configurable, but without a recommendation: chosen by trial.
  private static final int TUNED_WORKERS = 128;
  private static final int TUNED_CONNECTIONS = 40;

  private final boolean tuned;
  private final HikariDataSource pool;
  private final Connection observer;
  private final Handler handler = new Handler();
  private JobRequestScheduler scheduler;
  private BackgroundJobServer server;

  private JobRunr(boolean tuned) throws SQLException {
    this.tuned = tuned;
    this.pool = Database.pool(tuned ? TUNED_CONNECTIONS : Database.DEFAULT_CONNECTIONS);
    this.observer = Database.observer();
  }

  public static void main(String[] arguments) throws Exception {
    Protocol.serve(new JobRunr(Protocol.isTuned(arguments)));
  }

  // installation/storage: the storage provider creates its tables.
  @Override
  public Setup setup() {
    var configured =
        configuration(pool).useBackgroundJobServer(serverSettings(), false).initialize();
    scheduler = configured.getJobRequestScheduler();
    server = configured.getBackgroundJobServer();
    return new Setup(Peer.versionOf(JobRequest.class), settings());
  }

  private JobRunrConfiguration configuration(DataSource connections) {
    return org.jobrunr.configuration.JobRunr.configure()
        .useStorageProvider(new PostgresStorageProvider(connections))
        .useJobActivator(new Activator(handler));
  }

  private BackgroundJobServerConfiguration serverSettings() {
    var settings = usingStandardBackgroundJobServerConfiguration();
    if (tuned) {
      settings.andPollIntervalInSeconds(TUNED_POLL_SECONDS).andWorkerCount(TUNED_WORKERS);
    }
    return settings;
  }

  private Map<String, Object> settings() {
    var settings = new LinkedHashMap<String, Object>();
    settings.put("maximumPoolSize", pool.getMaximumPoolSize());
    if (tuned) {
      settings.put("pollIntervalInSeconds", TUNED_POLL_SECONDS);
      settings.put("workerCount", TUNED_WORKERS);
    }
    return settings;
  }

  // background-methods/enqueueing-jobs, "Enqueueing background jobs in bulk"
  @Override
  public void addMany(Stream<String> texts, Optional<Instant> due) {
    if (due.isEmpty()) {
      scheduler.enqueue(texts.map(NoOp::new));
    } else {
      scheduler.create(texts.map(text -> taskAt(due.get(), text)));
    }
  }

  private static JobBuilder taskAt(Instant due, String text) {
    return JobBuilder.aJob().scheduleAt(due).withJobRequest(new NoOp(text));
  }

  // background-methods/enqueueing-jobs, "Enqueueing a job using a JobRequest"
  @Override
  public void submit(String text) {
    scheduler.enqueue(new NoOp(text));
  }

  @Override
  public Callers openCallers(int count) throws SQLException {
    var connections = Database.openPool(count);
    var caller = configuration(connections).initialize().getJobRequestScheduler();
    return new Callers() {
      @Override
      public void submit(String text) {
        caller.enqueue(new NoOp(text));
      }

      @Override
      public void close() {
        connections.close();
      }
    };
  }

  @Override
  public void startWorker(Consumer<String> onTask) {
    handler.onTask = onTask;
    server.start();
  }

  @Override
  public void stopWorker() {
    server.stop();
  }

  @Override
  public boolean hasUnfinished() throws SQLException {
    return Database.ask(
        observer,
        "select exists (select from jobrunr_jobs where state in ('ENQUEUED', 'PROCESSING'))");
  }

  @Override
  public void close() throws SQLException {
    pool.close();
    observer.close();
  }

  /** A task; JobRunr stores it as JSON inside of the JSON of its job. */
  record NoOp(String text) implements JobRequest {
    @Override
    public Class<Handler> getJobRequestHandler() {
      return Handler.class;
    }

    /** Part of the job's name, where the payload would be stored a second time. */
    @Override
    public String toString() {
      return "noop";
    }
  }

  /** Public because JobRunr calls it by reflection. */
  public static final class Handler implements JobRequestHandler<NoOp> {
    private volatile Consumer<String> onTask = text -> {};

    @Override
    public void run(NoOp task) {
      onTask.accept(task.text());
    }
  }

  /** Finds the one handler, as a container for dependency injection would. */
  private record Activator(Handler handler) implements JobActivator {
    @Override
    public <T> T activateJob(Class<T> type) {
      return type.cast(handler);
    }
  }
}
