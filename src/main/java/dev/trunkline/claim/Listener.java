package dev.trunkline.claim;

import dev.trunkline.config.TrunklineConfig;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;
import org.jboss.logging.Logger;

/**
 * Hears the notifications of other processes, on one connection of the pool that it keeps.
 *
 * <p>That it listens is no proof that it hears: a pooler in transaction mode takes the {@code
 * LISTEN} and gives the server connection to others, and a connection may be cut without a word. So
 * whoever has heard nothing for a while sends an echo from another connection. Where even that does
 * not arrive, the connection is given back, the dispatcher polls ({@link Listening}), and after a
 * while it is tried again.
 */
@ApplicationScoped
class Listener {

  private static final Logger LOG = Logger.getLogger(Listener.class);
  private static final Duration SILENCE = Duration.ofSeconds(10);
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final Duration PAUSE_WHEN_DEAF = Duration.ofSeconds(30);
  private static final Duration PAUSE_AFTER_FAULT = Duration.ofSeconds(1);

  private final DataSource dataSource;
  private final Notifier notifier;
  private final Listening listening;
  private final DispatchLoop loop;
  private final TrunklineConfig.Worker config;
  private volatile boolean stopping;

  Listener(
      DataSource dataSource,
      Notifier notifier,
      Listening listening,
      DispatchLoop loop,
      TrunklineConfig config) {
    this.dataSource = dataSource;
    this.notifier = notifier;
    this.listening = listening;
    this.loop = loop;
    this.config = config.worker();
  }

  void atStart(@Observes StartupEvent event) {
    if (config.enabled()) {
      listening.publish();
      Thread.ofPlatform().daemon().name("listener").start(this::run);
    }
  }

  void atShutdown(@Observes ShutdownEvent event) {
    stopping = true;
  }

  private void run() {
    try {
      while (!stopping) {
        Thread.sleep(runOnce());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Listens for as long as it hears.
   *
   * @return when to try again
   */
  Duration runOnce() {
    try (Connection connection = dataSource.getConnection();
        Subscription subscription = new Subscription(connection)) {
      while (!stopping) {
        if (!hears(subscription)) {
          listening.deaf();
          // It may be in the middle of a long pause, which is now too long.
          loop.wake();
          return PAUSE_WHEN_DEAF;
        }
      }
    } catch (SQLException | RuntimeException e) {
      LOG.debugf("Not listening, trying again: %s", e.getMessage());
    }
    listening.lost();
    loop.wake();
    return PAUSE_AFTER_FAULT;
  }

  /** Waits for what comes; false where nothing comes, not even an echo. */
  private boolean hears(Subscription subscription) throws SQLException {
    // At first there is no proof to wait for.
    if (listening.isProven() && heard(subscription, SILENCE)) {
      return true;
    }
    notifier.echo();
    return heard(subscription, PATIENCE);
  }

  private boolean heard(Subscription subscription, Duration atMost) throws SQLException {
    List<String> payloads = subscription.hear(atMost);
    if (payloads.isEmpty()) {
      return false;
    }
    boolean first = !listening.isProven();
    listening.heard();
    // What was submitted before this process listened has been told to nobody.
    if (first || payloads.stream().anyMatch(payload -> !payload.equals(Notifier.ECHO))) {
      loop.wake();
    }
    return true;
  }
}
