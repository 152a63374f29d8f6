package dev.trunkline.database;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.jboss.logging.Logger;

/**
 * The schema, brought up to date at start. A database that is away then is waited for in the
 * background: the process lives, is not ready, and starts to work when the database comes. Replicas
 * that start together are put in order by Flyway's lock.
 */
@ApplicationScoped
public class Migration {

  private static final Logger LOG = Logger.getLogger(Migration.class);
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final Flyway flyway;
  private volatile boolean done;
  private volatile boolean stopped;

  Migration(Flyway flyway) {
    this.flyway = flyway;
  }

  void atStart(@Observes @Priority(100) StartupEvent event) {
    if (!migrate()) {
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
      } while (!stopped && !migrate());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (FlywayException e) {
      LOG.error("The schema cannot be brought up to date; this process stays unready.", e);
    }
  }

  private boolean migrate() {
    try {
      flyway.migrate();
      done = true;
      return true;
    } catch (FlywayException e) {
      if (SqlFault.behind(e).map(SqlFault::passes).orElse(false)) {
        LOG.warnf(
            "The database cannot be reached to bring the schema up to date; trying again: %s",
            e.getCause() == null ? e.getMessage() : e.getCause().getMessage());
        return false;
      }
      throw e;
    }
  }
}
