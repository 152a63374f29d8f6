package dev.trunkline.claim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trunkline.database.TestDatabase;
import dev.trunkline.execute.Spinners;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class NotifierSqlTest {

  private static final Duration SPACING = Duration.ofMillis(250);
  private static final Duration LONG = Duration.ofSeconds(30);

  private final TestDatabase database = TestDatabase.fresh();
  private final Notifier notifier = new Notifier(database.dataSource());

  @BeforeEach
  void start() {
    notifier.atStart(null);
  }

  @AfterEach
  void stop() {
    notifier.stop();
  }

  @Test
  void others_are_reminded_after_a_while_and_not_at_once() throws SQLException {
    try (Connection connection = database.connect();
        Subscription ears = new Subscription(connection)) {
      notifier.thereIsMore();
      hearOne(ears);
      long start = System.nanoTime();
      notifier.thereIsMore();
      hearOne(ears);
      notifier.thereIsMore();
      hearOne(ears);

      assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(SPACING);
    }
  }

  /** At least now and then: these machines are slow at times. */
  @Test
  void what_is_new_waits_for_no_reminder() throws SQLException {
    try (Connection connection = database.connect();
        Subscription ears = new Subscription(connection)) {
      Awaitility.await()
          .until(
              () -> {
                notifier.notifyOthers();
                hearOne(ears);
                long start = System.nanoTime();
                notifier.thereIsMore();
                notifier.notifyOthers();
                hearOne(ears);
                return System.nanoTime() - start < SPACING.dividedBy(2).toNanos();
              });
    }
  }

  @Test
  void others_hear_at_once_when_there_begins_to_be_more() throws SQLException {
    try (Connection connection = database.connect();
        Subscription ears = new Subscription(connection)) {
      Awaitility.await()
          .pollInterval(Duration.ofMillis(1_100))
          .until(
              () -> {
                notifier.notifyOthers();
                hearOne(ears);
                long start = System.nanoTime();
                notifier.thereIsMore();
                hearOne(ears);
                return System.nanoTime() - start < SPACING.dividedBy(2).toNanos();
              });
    }
  }

  @Test
  void others_hear_also_while_handlers_compute_on_all_carriers() throws SQLException {
    try (Connection connection = database.connect();
        Subscription ears = new Subscription(connection);
        var _ = new Spinners()) {
      notifier.notifyOthers();

      hearOne(ears);
    }
  }

  private static void hearOne(Subscription ears) throws SQLException {
    assertThat(ears.hear(LONG)).isNotEmpty();
  }
}
