package dev.trunkline.execute;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trunkline.inspect.Attempt;
import dev.trunkline.inspect.TaskReader;
import dev.trunkline.submit.Submission;
import dev.trunkline.submit.TaskQueue;
import dev.trunkline.task.Task;
import dev.trunkline.task.TaskState;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
class EffectOnceResourceTest {

  @Inject TaskQueue queue;
  @Inject TaskReader tasks;
  @Inject DataSource dataSource;

  @BeforeEach
  void makeTheTable() throws SQLException {
    try (Connection connection = dataSource.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(InsertHandler.TABLE);
    }
  }

  @Test
  void what_a_transactional_handler_writes_commits_with_its_success() throws SQLException {
    Task task = submit("succeed", Optional.empty());

    assertThat(awaitFinal(task).state).isEqualTo(TaskState.SUCCEEDED);
    assertThat(effects(task)).containsExactly(1);
    assertThat(followers(task)).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "throw, failed",
    "retry, failed",
    "break, failed",
    "wait, timed-out",
  })
  void an_attempt_without_success_leaves_no_effect(String first, String outcome)
      throws SQLException {
    Task task = submit(first, Optional.of(Duration.ofSeconds(2)));

    assertThat(awaitFinal(task).state).isEqualTo(TaskState.SUCCEEDED);
    assertThat(tasks.attempts(task.id.toString()))
        .extracting(Attempt::outcome)
        .containsExactly(outcome, "succeeded");
    assertThat(effects(task)).containsExactly(2);
    assertThat(followers(task)).isEqualTo(1);
  }

  @Test
  void neither_does_one_that_lost_its_lease() throws SQLException {
    Task task = submit("lose", Optional.empty());

    assertThat(awaitFinal(task).state).isEqualTo(TaskState.SUCCEEDED);
    assertThat(effects(task)).containsExactly(2);
    assertThat(followers(task)).isEqualTo(1);
  }

  @Test
  void more_of_them_than_there_are_connections_wait_for_each_other() throws SQLException {
    List<Task> many =
        IntStream.range(0, 60).mapToObj(i -> submit("succeed", Optional.empty())).toList();

    for (Task task : many) {
      assertThat(awaitFinal(task).state).isEqualTo(TaskState.SUCCEEDED);
      assertThat(effects(task)).containsExactly(1);
    }
  }

  private Task submit(String first, Optional<Duration> timeout) {
    Submission plain = Submission.of("test.insert", "{\"first\":\"" + first + "\"}");
    return queue
        .submit(
            new Submission(
                plain.type(),
                plain.payload(),
                plain.queue(),
                plain.priority(),
                plain.tags(),
                plain.delay(),
                plain.runAt(),
                plain.maxAttempts(),
                timeout,
                plain.expiresAt(),
                plain.idempotencyKey(),
                plain.traceparent()))
        .task();
  }

  private Task awaitFinal(Task task) {
    String id = task.id.toString();
    Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> tasks.task(id).state.isFinal());
    return tasks.task(id);
  }

  private List<Integer> effects(Task task) throws SQLException {
    try (Connection connection = dataSource.getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "select attempt from effect where task_id = '" + task.id + "'")) {
      List<Integer> attempts = new ArrayList<>();
      while (rows.next()) {
        attempts.add(rows.getInt(1));
      }
      return attempts;
    }
  }

  private int followers(Task task) throws SQLException {
    try (Connection connection = dataSource.getConnection();
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "select count(*) from trunkline.task where payload->>'by' = '" + task.id + "'")) {
      row.next();
      return row.getInt(1);
    }
  }
}
