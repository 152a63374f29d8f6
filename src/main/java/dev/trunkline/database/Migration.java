package dev.trunkline.database;

import dev.trunkline.config.TrunklineConfig;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.annotations.CommandLineArguments;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.jboss.logging.Logger;

/**
 * The schema, brought up to date at start, or waited for where that is another's task. A database
 * that is away then is waited for in the background: the process lives, is not ready, and starts to
 * work when the database comes. Replicas that start together are put in order by Flyway's lock.
 */
@ApplicationScoped
public class Migration {

  private static final Logger LOG = Logger.getLogger(Migration.class);
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final Flyway flyway;
  private final boolean migrates;
  private final boolean isAll;
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile boolean done;
  private volatile boolean stopped;
  private String told = "";

  Migration(Flyway flyway, TrunklineConfig config, @CommandLineArguments String[] arguments) {
    this.flyway = flyway;
    this.isAll = List.of(arguments).contains(MigrateCommand.NAME);
    this.migrates = config.database().migrateAtStart();
  }

  void atStart(@Observes @Priority(100) StartupEvent event) {
    if (!bringUpToDate()) {
      Thread.ofVirtual().name("migration").start(this::keepTrying);
    }
  }

  void atShutdown(@Observes ShutdownEvent event) {
    stopped = true;
  }

  /** True once the schema is up to date. */
  public boolean isDone() {
    return done;
  }

  /** True where this process has to bring the schema up to date, and does not wait for another. */
  public boolean isOurs() {
    return migrates;
  }

  /** True where this process ends once the schema is up to date: nothing else is to begin in it. */
  public boolean isAll() {
    return isAll;
  }

  /** Waits until the schema is up to date, cannot be brought there, or the time is over. */
  boolean awaitDone(Duration atMost) throws InterruptedException {
    var _ = ended.await(atMost.toNanos(), TimeUnit.NANOSECONDS);
    return done;
  }

  private void keepTrying() {
    try {
      do {
        Thread.sleep(PAUSE);
      } while (!stopped && !bringUpToDate());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      LOG.error("The schema cannot be brought up to date; this process stays unready.", e);
    } finally {
      ended.countDown();
    }
  }

  /**
   * Or sees that another has done so; false where to try again. Whoever waits for another does so
   * whatever comes: the other may grant him the rights to look only when all is done.
   */
  private boolean bringUpToDate() {
    try {
      done = migrates ? flyway.migrate().success : isThere(flyway.info().pending());
    } catch (FlywayException e) {
      if (migrates && !SqlFault.behind(e).map(SqlFault::passes).orElse(false)) {
        throw e;
      }
      tell("trying again", e.getCause() == null ? e : e.getCause());
    }
    if (done) {
      ended.countDown();
    }
    return done;
  }

  private boolean isThere(MigrationInfo[] pending) {
    if (pending.length > 0) {
      tell(
          "waiting for `trunkline migrate`",
          "version %s is missing, and trunkline.database.migrate-at-start=false"
              .formatted(pending[pending.length - 1].getVersion()));
    }
    return pending.length == 0;
  }

  /** Once for each time that it changes. */
  private void tell(String what, Object why) {
    String message = "The schema is not up to date yet, %s: %s".formatted(what, why);
    if (!message.equals(told)) {
      LOG.warn(message);
      told = message;
    }
  }
}
