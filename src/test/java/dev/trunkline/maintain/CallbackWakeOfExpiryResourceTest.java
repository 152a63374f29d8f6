package dev.trunkline.maintain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trunkline.task.TasksReady;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import javax.sql.DataSource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Tasks that expire have callbacks too, and nobody else who would say so. */
@QuarkusTest
class CallbackWakeOfExpiryResourceTest {

  @Inject ReplicaChores chores;
  @Inject DataSource dataSource;
  @Inject Heard heard;

  @Test
  void whoeverExpiresTasksWakesTheDispatchers() {
    heard.anything.set(false);

    // The service itself looks for such tasks too, and may come first.
    Awaitility.await()
        .pollInSameThread()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () -> {
              expiredTask();
              chores.expire();
              assertThat(heard.anything.get()).isTrue();
            });
  }

  private void expiredTask() throws SQLException {
    try (Connection connection = dataSource.getConnection();
        Statement insert = connection.createStatement()) {
      insert.execute(
          """
          with stored as (
            insert into trunkline.task (id, type, queue, priority, payload, max_attempts,
              attempt_limit, timeout, run_at, expires_at, created_at, callback_url)
            values (trunkline.uuidv7(), 'nobody.runs-it', 'nobody', 5, '1', 3, 3, '1 min', now(),
              now(), now(), 'https://client.example/')
            returning *
          )
          insert into trunkline.ready (queue, priority, due, task_id, type, expires_at)
          select queue, priority, run_at, id, type, expires_at from stored
          """);
    }
  }

  /** Whether the present thread has said that there is work. */
  @Singleton
  static class Heard {
    private final ThreadLocal<Boolean> anything = ThreadLocal.withInitial(() -> false);

    void onReady(@Observes TasksReady ready) {
      anything.set(true);
    }
  }
}
