package dev.trunkline.claim;

import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;
import org.jboss.logging.Logger;

/**
 * Wakes the other processes: an empty {@code NOTIFY} on one channel, at most one in a while, since
 * every one takes a lock of the whole PostgreSQL instance when it commits. One that is lost costs
 * time, for the others poll.
 */
@ApplicationScoped
public class Notifier {

  static final String CHANNEL = "trunkline";

  /** How the payload of an echo begins, by which nobody is woken. Others carry none. */
  static final String ECHO = "echo";

  /**
   * Waits for no disk: a notification that a crash takes back is one that was lost, which the poll
   * is for; and what it tells of was committed before.
   */
  static final String SEND =
      "select set_config('synchronous_commit', 'off', true), pg_notify('" + CHANNEL + "', ?)";

  private static final Logger LOG = Logger.getLogger(Notifier.class);
  private static final Duration SPACING = Duration.ofMillis(5);

  /** Of those that say again that there is more. */
  private static final Duration WIDE_SPACING = Duration.ofMillis(250);

  /** So long after there was more than this process takes, it begins anew when there is again. */
  private static final Duration OVER = Duration.ofSeconds(1);

  private final DataSource dataSource;
  private final Signal wanted = new Signal();
  private volatile boolean urgent;
  private volatile boolean stopped;
  private volatile long moreNanos = System.nanoTime() - OVER.toNanos();
  private long lastNanos = System.nanoTime() - WIDE_SPACING.toNanos();

  Notifier(DataSource dataSource) {
    this.dataSource = dataSource;
  }

  void atStart(@Observes StartupEvent event) {
    // Not a virtual one, which handlers that only compute can keep from running.
    Thread.ofPlatform().daemon().name("notifier").start(this::loop);
  }

  /** Sends a notification soon, one for all who ask until then. */
  void notifyOthers() {
    urgent = true;
    wanted.raise();
  }

  /**
   * There is more than this process takes. Said soon when that begins, and again now and then while
   * it goes on. A process that has all taken in one turn and not in the next has not begun anew.
   */
  void thereIsMore() {
    long now = System.nanoTime();
    if (now - moreNanos >= OVER.toNanos()) {
      urgent = true;
    }
    moreNanos = now;
    wanted.raise();
  }

  @PreDestroy
  void stop() {
    stopped = true;
    wanted.raise();
  }

  private void loop() {
    try {
      while (!stopped) {
        if (wanted.await(Duration.ofMinutes(1)) && !stopped) {
          awaitWideSpacing();
          urgent = false;
          send();
          lastNanos = System.nanoTime();
          Thread.sleep(SPACING);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void awaitWideSpacing() throws InterruptedException {
    for (Duration left = untilReminder(); left.isPositive(); left = untilReminder()) {
      wanted.await(left);
    }
  }

  private Duration untilReminder() {
    return urgent || stopped
        ? Duration.ZERO
        : WIDE_SPACING.minusNanos(System.nanoTime() - lastNanos);
  }

  /** Sends a notification now; nothing happens where that is not possible. */
  public void send() {
    try {
      send("");
    } catch (SQLException | RuntimeException | Error e) {
      LOG.debugf("No notification was sent: %s", e.getMessage());
    }
  }

  /** Sends now what shows the listeners that they hear; the payload begins with {@link #ECHO}. */
  void echo(String payload) throws SQLException {
    send(payload);
  }

  private void send(String payload) throws SQLException {
    try (Connection connection = dataSource.getConnection();
        PreparedStatement statement = connection.prepareStatement(SEND)) {
      statement.setString(1, payload);
      statement.execute();
    }
  }
}
