package dev.trunkline.finish;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trunkline.finish.AttemptEnd.Kind;
import dev.trunkline.task.TasksReady;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who ends a task with a callback wakes the dispatchers, so that it is called at once. */
@QuarkusTest
class CallbackWakeResourceTest {

  private static final String HOOK = "https://client.example/";

  @Inject AttemptEndWriter ends;
  @Inject Canceller canceller;
  @Inject DataSource dataSource;
  @Inject Heard heard;

  @BeforeEach
  void forget() {
    heard.times.set(0);
  }

  @Test
  void a_success_wakes_them_once_it_is_committed() throws SQLException {
    UUID task = task(HOOK);

    QuarkusTransaction.requiringNew()
        .run(
            () -> {
              ends.write(List.of(Ends.success(task, 1)), List.of());
              assertThat(heard.times.get()).isZero();
            });

    assertThat(heard.times.get()).isEqualTo(1);
  }

  @Test
  void so_does_one_that_is_a_transaction_of_its_own() throws SQLException {
    ends.writeApart(List.of(Ends.success(task(HOOK), 1)), List.of());

    assertThat(heard.times.get()).isEqualTo(1);
  }

  @Test
  void a_failure_wakes_them() throws SQLException {
    ends.write(List.of(Ends.setback(task(HOOK), 1, Kind.REJECTED)), List.of());

    assertThat(heard.times.get()).isEqualTo(1);
  }

  @Test
  void a_cancellation_wakes_them() throws SQLException {
    assertThat(canceller.cancel(task(HOOK))).isTrue();

    assertThat(heard.times.get()).isEqualTo(1);
  }

  @Test
  void nobody_is_woken_for_what_is_rolled_back() throws SQLException {
    UUID task = task(HOOK);

    QuarkusTransaction.begin();
    ends.write(List.of(Ends.success(task, 1)), List.of());
    QuarkusTransaction.rollback();

    assertThat(heard.times.get()).isZero();
  }

  @Test
  void nobody_is_woken_without_a_callback_or_an_end() throws SQLException {
    ends.write(List.of(Ends.success(task(null), 1)), List.of());
    ends.write(List.of(Ends.setback(task(HOOK), 1, Kind.FAILED)), List.of());
    canceller.cancel(task(null));

    assertThat(heard.times.get()).isZero();
  }

  /** Of a type that nobody runs here. */
  private UUID task(@Nullable String callback) throws SQLException {
    try (Connection connection = dataSource.getConnection();
        PreparedStatement insert =
            connection.prepareStatement(
                """
                with stored as (
                  insert into trunkline.task (id, type, queue, priority, payload, max_attempts,
                    attempt_limit, timeout, run_at, created_at, callback_url)
                  values (trunkline.uuidv7(), 'nobody.runs-it', 'nobody', 5, '1', 3, 3, '1 min',
                    now(), now(), ?)
                  returning *
                ), waiting as (
                  insert into trunkline.ready (queue, priority, due, task_id, type)
                  select queue, priority, run_at, id, type from stored
                )
                select id from stored
                """)) {
      insert.setString(1, callback);
      try (ResultSet row = insert.executeQuery()) {
        row.next();
        return row.getObject(1, UUID.class);
      }
    }
  }

  /** How often the present thread has said that there is work. */
  @Singleton
  static class Heard {
    private final ThreadLocal<Integer> times = ThreadLocal.withInitial(() -> 0);

    void onReady(@Observes TasksReady ready) {
      times.set(times.get() + 1);
    }
  }
}
