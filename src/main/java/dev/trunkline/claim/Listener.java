package dev.trunkline.claim;

import dev.trunkline.database.Migration;
import dev.trunkline.task.TasksReady;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.jboss.logging.Logger;

/**
 * Hears the notifications of other processes, on one connection of the pool that it keeps.
 *
 * <p>That it listens is no proof that it hears: a pooler in transaction mode takes the {@code
 * LISTEN} and gives the server connection to others, and a connection may be cut without a word. So
 * it sends an echo from another connection, at first and whenever it has heard nothing for a while.
 * Where that does not arrive, the connection is given back, the dispatcher polls ({@link
 * Listening}), and after a while it is tried again.
 */
@ApplicationScoped
class Listener {

  private static final Logger LOG = Logger.getLogger(Listener.class);
  private static final Duration SILENCE = Duration.ofSeconds(15);
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final Duration PAUSE_WHEN_DEAF = Duration.ofSeconds(30);
  private static final Duration PAUSE_AFTER_FAULT = Duration.ofSeconds(1);

  private final DataSource dataSource;
  private final Notifier notifier;
  private final Listening listening;
  private final Runnable wake;
  private final Duration silence;
  private volatile boolean stopping;

  @Inject
  Listener(DataSource dataSource, Notifier notifier, Listening listening, Event<TasksReady> ready) {
    this(dataSource, notifier, listening, () -> ready.fire(new TasksReady(false)), SILENCE);
  }

  Listener(
      DataSource dataSource,
      Notifier notifier,
      Listening listening,
      Runnable wake,
      Duration silence) {
    this.dataSource = dataSource;
    this.notifier = notifier;
    this.listening = listening;
    this.wake = wake;
    this.silence = silence;
  }

  void atStart(@Observes StartupEvent event, Migration migration) {
    if (!migration.isAll()) {
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
      boolean hears = hearsItself(subscription);
      while (hears && !stopping) {
        hears = stillHears(subscription);
      }
      if (!hears) {
        listening.deaf();
        // It may be in the middle of a long pause, which is now too long.
        wake.run();
        return PAUSE_WHEN_DEAF;
      }
    } catch (SQLException | RuntimeException | Error e) {
      LOG.debugf("Not listening, trying again: %s", e.getMessage());
    }
    if (!stopping) {
      listening.lost();
      wake.run();
    }
    return PAUSE_AFTER_FAULT;
  }

  /**
   * The first proof. Nothing but the echo that was sent here counts: behind a pooler, what arrived
   * on a server connection that another process had left listening comes with the answer to the
   * {@code LISTEN}.
   */
  boolean hearsItself(Subscription subscription) throws SQLException {
    String echo = Notifier.ECHO + " " + UUID.randomUUID();
    notifier.echo(echo);
    boolean heard = subscription.hears(echo, PATIENCE);
    if (heard) {
      listening.heard();
      // What was submitted before this process listened has been told to nobody.
      wake.run();
    }
    return heard;
  }

  /**
   * Waits for what comes; false where nothing comes, not even an echo. Here that of any process
   * counts, so that of many silent ones one sends it and all have their proof.
   */
  boolean stillHears(Subscription subscription) throws SQLException {
    List<String> payloads = subscription.hear(silence);
    if (payloads.isEmpty()) {
      notifier.echo(Notifier.ECHO);
      payloads = subscription.hear(PATIENCE);
    }
    if (payloads.stream().anyMatch(payload -> !payload.startsWith(Notifier.ECHO))) {
      wake.run();
    }
    return !payloads.isEmpty();
  }
}
