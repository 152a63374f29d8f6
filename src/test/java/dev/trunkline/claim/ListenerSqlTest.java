package dev.trunkline.claim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.trunkline.database.TestDatabase;
import dev.trunkline.database.Unreachable;
import dev.trunkline.it.PgBouncer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;
import org.postgresql.ds.PGSimpleDataSource;

class ListenerSqlTest {

  private static final Duration SHORT = Duration.ofMillis(300);
  private static final String LISTENERS =
      "select pid from pg_stat_activity where datname = current_database()"
          + " and query in ('listen trunkline', 'unlisten trunkline') and state = 'idle'";

  /** Of its own, since notifications go to all who listen in one database. */
  private final TestDatabase database = TestDatabase.fresh();

  private final Listening listening = new Listening(new SimpleMeterRegistry());
  private final AtomicInteger wakes = new AtomicInteger();
  private final Notifier notifier = new Notifier(database.dataSource());
  private final Listener listener = listener(database.dataSource(), notifier);

  @AfterEach
  void stop() {
    listener.atShutdown(null);
  }

  @Test
  void its_own_echo_proves_that_notifications_arrive() throws SQLException {
    try (Connection connection = database.connect();
        Subscription subscription = new Subscription(connection)) {
      assertThat(listener.hearsItself(subscription)).isTrue();
    }
    assertThat(listening.isProven()).isTrue();
    // The dispatcher looks once more for what came before anybody listened.
    assertThat(wakes).hasValue(1);
  }

  @Test
  void what_others_sent_is_no_first_proof() throws SQLException {
    Notifier elsewhere = new Notifier(TestDatabase.fresh().dataSource());
    Listener unheard = listener(database.dataSource(), elsewhere);
    try (Connection connection = database.connect();
        Subscription subscription = new Subscription(connection)) {
      notifier.send();
      notifier.echo(Notifier.ECHO);
      notifier.echo(Notifier.ECHO + " of another");

      assertThat(unheard.hearsItself(subscription)).isFalse();
    }
    assertThat(listening.isProven()).isFalse();
  }

  @Test
  void a_notification_of_another_process_wakes_the_dispatcher() throws SQLException {
    try (Connection connection = database.connect();
        Subscription subscription = new Subscription(connection)) {
      notifier.send();

      assertThat(listener.stillHears(subscription)).isTrue();
    }
    assertThat(wakes).hasValue(1);
  }

  @Test
  void after_a_silence_an_echo_is_sent_which_wakes_nobody() throws SQLException {
    try (Connection connection = database.connect();
        Subscription subscription = new Subscription(connection)) {
      assertThat(listener.stillHears(subscription)).isTrue();
    }
    assertThat(wakes).hasValue(0);
  }

  @Test
  void the_echo_of_another_process_is_proof_enough() throws SQLException {
    Notifier elsewhere = new Notifier(TestDatabase.fresh().dataSource());
    Listener silent = listener(database.dataSource(), elsewhere);
    try (Connection connection = database.connect();
        Subscription subscription = new Subscription(connection)) {
      notifier.echo(Notifier.ECHO);

      assertThat(silent.stillHears(subscription)).isTrue();
      assertThat(silent.stillHears(subscription)).isFalse();
    }
    assertThat(wakes).hasValue(0);
  }

  @Test
  void a_notification_says_nothing_but_that_there_is_one() throws SQLException {
    try (Connection connection = database.connect();
        Subscription subscription = new Subscription(connection)) {
      notifier.send();

      assertThat(subscription.hear(Duration.ofSeconds(10))).containsExactly("");
    }
  }

  @Test
  void the_connection_is_given_back_without_listening() throws SQLException {
    try (Connection connection = database.connect()) {
      new Subscription(connection).close();
      notifier.send();

      assertThat(connection.unwrap(PGConnection.class).getNotifications(200)).isNullOrEmpty();
    }
  }

  @Test
  void a_connection_that_goes_deaf_while_it_listens_is_noticed() throws Exception {
    CompletableFuture<Duration> turn = CompletableFuture.supplyAsync(listener::runOnce);
    Awaitility.await().until(listening::isProven);
    int process = database.value(Integer.class, LISTENERS);
    int before = wakes.get();
    signal("STOP", process);
    try {
      Awaitility.await().until(() -> !listening.isProven());
      assertThat(listening.longestPause()).isEqualTo(Duration.ofSeconds(1));
    } finally {
      signal("CONT", process);
    }

    assertThat(turn.get(20, TimeUnit.SECONDS)).isGreaterThan(Duration.ofSeconds(10));
    // It was asleep for longer than it may be now.
    assertThat(wakes).hasValueGreaterThan(before);
  }

  @Test
  void a_listener_whose_connection_is_cut_tries_again_soon() throws Exception {
    CompletableFuture<Duration> turn = CompletableFuture.supplyAsync(listener::runOnce);
    Awaitility.await().until(listening::isProven);
    int process = database.value(Integer.class, LISTENERS);
    database.value(Boolean.class, "select pg_terminate_backend(?)", process);

    assertThat(turn.get(20, TimeUnit.SECONDS)).isEqualTo(Duration.ofSeconds(1));
    assertThat(listening.isProven()).isFalse();
  }

  @Test
  void without_a_database_it_tries_again_soon() {
    listening.heard();
    Listener away = listener(Unreachable.times(1, database.dataSource()), notifier);

    assertThat(away.runOnce()).isEqualTo(Duration.ofSeconds(1));
    assertThat(listening.isProven()).isFalse();
  }

  @Test
  void through_a_pooler_nothing_is_heard_and_it_is_tried_again_later() {
    assumeTrue(PgBouncer.program().isPresent(), PgBouncer.HOW_TO_INSTALL);
    for (int serverConnections : List.of(1, 3)) {
      try (PgBouncer pooler = new PgBouncer(database.port(), serverConnections)) {
        PGSimpleDataSource through = new PGSimpleDataSource();
        through.setUrl(pooler.url(database.name()));

        assertThat(listener(through, new Notifier(through)).runOnce())
            .isGreaterThan(Duration.ofSeconds(10));
        assertThat(listening.isProven()).isFalse();
      }
    }
  }

  @Test
  void through_a_pooler_in_session_mode_it_hears() throws SQLException {
    assumeTrue(PgBouncer.program().isPresent(), PgBouncer.HOW_TO_INSTALL);
    try (PgBouncer pooler = new PgBouncer(database.port(), 3, "session")) {
      PGSimpleDataSource through = new PGSimpleDataSource();
      through.setUrl(pooler.url(database.name()));
      try (Connection connection = through.getConnection();
          Subscription subscription = new Subscription(connection)) {
        assertThat(listener(through, new Notifier(through)).hearsItself(subscription)).isTrue();
      }
    }
  }

  private Listener listener(DataSource dataSource, Notifier sender) {
    return new Listener(dataSource, sender, listening, wakes::incrementAndGet, SHORT);
  }

  private static void signal(String name, int process) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + name, Integer.toString(process)).start().waitFor();
  }
}
