package dev.trunkline.database;

import dev.trunkline.config.TrunklineConfig;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationInfoService;
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
  private volatile boolean done;
  private volatile boolean stopped;
  private boolean told;

  Migration(Flyway flyway, TrunklineConfig config) {
    this.flyway = flyway;
    this.migrates = config.database().migrateAtStart();
  }

  void atStart(@Observes @Priority(100) StartupEvent event) {
    if (!isUpToDate()) {
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

  private void keepTrying() {
    try {
      do {
        Thread.sleep(PAUSE);
      } while (!stopped && !isUpToDate());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (FlywayException e) {
      LOG.error("The schema cannot be brought up to date; this process stays unready.", e);
    }
  }

  /** Where it is not, it is brought there, or waited for. */
  private boolean isUpToDate() {
    try {
      done = migrates ? flyway.migrate().success : isThere(flyway.info());
      return done;
    } catch (FlywayException e) {
      if (SqlFault.behind(e).map(SqlFault::passes).orElse(false)) {
        LOG.warnf(
            "The database cannot be reached to look at its schema; trying again: %s",
            e.getCause() == null ? e.getMessage() : e.getCause().getMessage());
        return false;
      }
      throw e;
    }
  }

  private boolean isThere(MigrationInfoService info) {
    MigrationInfo[] pending = info.pending();
    if (pending.length > 0 && !told) {
      LOG.warnf(
          "The schema lacks %d migrations, the last is %s; waiting for `trunkline migrate`, since"
              + " trunkline.database.migrate-at-start=false",
          pending.length, pending[pending.length - 1].getVersion());
      told = true;
    }
    return pending.length == 0;
  }
}
