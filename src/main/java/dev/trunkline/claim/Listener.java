package dev.trunkline.claim;

import dev.trunkline.config.TrunklineConfig;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import javax.sql.DataSource;
import org.jboss.logging.Logger;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/**
 * Hears the notifications of other processes, on one connection of the pool that it keeps. While it
 * has none it tries again every second; the poll goes on meanwhile.
 */
@ApplicationScoped
class Listener {

  static final String LISTEN = "listen trunkline";

  private static final Logger LOG = Logger.getLogger(Listener.class);
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final Duration PAUSE_AFTER_FAULT = Duration.ofSeconds(1);

  private final DataSource dataSource;
  private final DispatchLoop loop;
  private final TrunklineConfig.Worker config;
  private volatile boolean stopping;

  Listener(DataSource dataSource, DispatchLoop loop, TrunklineConfig config) {
    this.dataSource = dataSource;
    this.loop = loop;
    this.config = config.worker();
  }

  void atStart(@Observes StartupEvent event) {
    if (config.enabled()) {
      Thread.ofPlatform().daemon().name("listener").start(this::run);
    }
  }

  void atShutdown(@Observes ShutdownEvent event) {
    stopping = true;
  }

  private void run() {
    while (!stopping) {
      try {
        listen();
      } catch (SQLException | RuntimeException e) {
        LOG.debugf("Not listening, trying again: %s", e.getMessage());
        pause();
      }
    }
  }

  private void listen() throws SQLException {
    try (Connection connection = dataSource.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(LISTEN);
      loop.wake();
      PGConnection postgres = connection.unwrap(PGConnection.class);
      while (!stopping) {
        PGNotification[] heard = postgres.getNotifications((int) PATIENCE.toMillis());
        if (heard != null && heard.length > 0) {
          loop.wake();
        } else {
          // Finds out that the other end has gone, which silence does not tell.
          statement.execute("select 1");
        }
      }
    }
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE_AFTER_FAULT);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
