package dev.trunkline.callback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.trunkline.database.Tasks;
import dev.trunkline.database.TestDatabase;
import dev.trunkline.task.Refusal;
import dev.trunkline.task.RefusedException;
import dev.trunkline.task.TaskState;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeliveriesSqlTest {

  private static final TestDatabase DATABASE = TestDatabase.fresh();
  private static final String URL = "https://client.example/hook?a=1";
  private static final String SUCCEEDED =
      "state = 'succeeded', result = '1', started_at = now(), finished_at = clock_timestamp()";

  private final Deliveries deliveries = new Deliveries(DATABASE.dataSource());

  @ParameterizedTest
  @ValueSource(
      strings = {
        SUCCEEDED,
        "state = 'failed', error = '{}', finished_at = clock_timestamp()",
        "state = 'cancelled', finished_at = clock_timestamp()"
      })
  void every_final_state_brings_a_delivery_into_being(String end) {
    UUID task = Tasks.in(DATABASE).callback(URL).one();

    end(task, end);

    DeliveryStatus made = one(task);
    assertThat(made.url()).isEqualTo(URL);
    assertThat(made.state()).isEqualTo(TaskState.QUEUED);
    assertThat(made.delivery().taskId()).isEqualTo(task);
    assertThat(made.error()).isNull();
    assertThat(row(made.id()))
        .containsEntry("type", "callback.deliver")
        .containsEntry("queue", "callbacks")
        .containsEntry("callback_url", null);
    assertThat(Tasks.isWaiting(DATABASE, made.id())).isTrue();
    assertThat(deliveries.find(made.id()))
        .hasValueSatisfying(due -> assertThat(due.delivery()).isEqualTo(made.delivery()));
  }

  @Test
  void a_task_without_a_callback_tells_nobody() {
    UUID task = Tasks.in(DATABASE).one();

    end(task, SUCCEEDED);

    assertThat(deliveries.of(task)).isEmpty();
  }

  @Test
  void what_is_not_an_end_tells_nobody() {
    UUID task = Tasks.in(DATABASE).callback(URL).one();
    end(task, "progress = '{}', attempt = 2, state = 'open'");
    assertThat(deliveries.of(task)).isEmpty();

    end(task, SUCCEEDED);
    end(task, "state = 'succeeded', worker = 'another'");

    assertThat(deliveries.of(task)).hasSize(1);
  }

  @Test
  void an_end_that_is_rolled_back_tells_nobody() throws SQLException {
    UUID task = Tasks.in(DATABASE).callback(URL).one();
    try (Connection connection = DATABASE.connect()) {
      connection.setAutoCommit(false);
      try (PreparedStatement end =
          connection.prepareStatement("update trunkline.task set " + SUCCEEDED + " where id = ?")) {
        end.setObject(1, task);
        end.executeUpdate();
      }
      connection.rollback();
    }

    assertThat(deliveries.of(task)).isEmpty();
  }

  @Test
  void the_trace_of_the_task_goes_on_in_its_delivery() {
    UUID task = Tasks.in(DATABASE).callback(URL).one();
    end(task, "traceparent = 'trace', " + SUCCEEDED);

    assertThat(row(one(task).id())).containsEntry("traceparent", "trace");
  }

  @Test
  void a_task_that_ends_again_is_told_of_again_under_another_name() {
    UUID task = Tasks.in(DATABASE).callback(URL).one();
    end(task, "state = 'failed', error = '{}', finished_at = clock_timestamp()");
    end(task, "state = 'open', finished_at = null");
    end(task, SUCCEEDED);

    List<DeliveryStatus> all = deliveries.of(task);
    assertThat(all).hasSize(2);
    assertThat(all.getFirst().delivery().webhookId())
        .isNotEqualTo(all.getLast().delivery().webhookId())
        .startsWith("msg_" + task + "_")
        .doesNotContain(".");
    assertThat(all.getFirst().createdAt()).isAfter(all.getLast().createdAt());
  }

  @Test
  void it_is_told_once_more_under_the_same_name() {
    UUID task = Tasks.in(DATABASE).callback(URL).one();
    end(task, SUCCEEDED);
    DeliveryStatus first = one(task);

    UUID again = deliveries.again(task);

    assertThat(again).isNotEqualTo(first.id());
    assertThat(deliveries.of(task))
        .extracting(DeliveryStatus::id)
        .containsExactly(again, first.id());
    assertThat(deliveries.of(task))
        .extracting(each -> each.delivery().webhookId())
        .containsOnly(first.delivery().webhookId());
  }

  @Test
  void what_cannot_be_told_again_is_refused() {
    UUID open = Tasks.in(DATABASE).callback(URL).one();
    UUID silent = Tasks.in(DATABASE).one();
    end(silent, SUCCEEDED);

    refused(open, new Refusal.WrongState(open, TaskState.QUEUED, "succeeded, failed or cancelled"));
    refused(silent, new Refusal.NoCallback(silent));
    UUID nobody = UUID.randomUUID();
    refused(nobody, new Refusal.NoSuchTask(nobody.toString()));
    assertThat(deliveries.of(open)).isEmpty();
    assertThat(deliveries.of(silent)).isEmpty();
  }

  @Test
  void a_task_that_is_just_being_retried_is_not_told_of() throws Exception {
    UUID task = Tasks.in(DATABASE).callback(URL).one();
    end(task, "state = 'failed', error = '{}', finished_at = clock_timestamp()");
    UUID first = one(task).id();
    try (Connection retrying = DATABASE.connect();
        Statement retry = retrying.createStatement()) {
      retrying.setAutoCommit(false);
      retry.execute(
          "update trunkline.task set state = 'open', finished_at = null where id = '%s'"
              .formatted(task));
      CompletableFuture<UUID> again =
          CompletableFuture.supplyAsync(
              () -> DATABASE.inTransaction(source -> new Deliveries(source).again(task)));
      Awaitility.await().until(DeliveriesSqlTest::somebodyWaitsForALock);
      retrying.commit();

      assertThatThrownBy(() -> again.get(10, TimeUnit.SECONDS))
          .cause()
          .isInstanceOfSatisfying(
              RefusedException.class,
              e ->
                  assertThat(e.refusal())
                      .isEqualTo(
                          new Refusal.WrongState(
                              task, TaskState.QUEUED, "succeeded, failed or cancelled")));
    }

    assertThat(one(task).id()).isEqualTo(first);
  }

  @Test
  void the_newest_hundred_are_listed() {
    UUID task = Tasks.in(DATABASE).callback(URL).one();
    end(task, SUCCEEDED);
    for (int i = 0; i < 100; i++) {
      deliveries.again(task);
    }

    assertThat(deliveries.of(task)).hasSize(100);
  }

  @Test
  void a_task_of_that_type_that_nobody_has_made_here_delivers_nothing() {
    UUID forged = Tasks.in(DATABASE).type("callback.deliver").queue("callbacks").one();

    assertThat(deliveries.find(forged)).isEqualTo(Optional.empty());
  }

  @Test
  void what_is_known_of_a_delivery_goes_with_it() {
    UUID task = Tasks.in(DATABASE).callback(URL).one();
    end(task, SUCCEEDED);
    UUID delivery = one(task).id();

    DATABASE.update("delete from trunkline.task where id = ?", delivery);

    assertThat(deliveries.of(task)).isEmpty();
    assertThat(deliveries.find(delivery)).isEmpty();
  }

  @Test
  void a_deleted_task_takes_what_has_told_of_it_along_and_leaves_what_has_yet_to_try() {
    UUID task = Tasks.in(DATABASE).callback(URL).one();
    end(task, SUCCEEDED);
    UUID ended = one(task).id();
    end(ended, SUCCEEDED);
    UUID open = deliveries.again(task);

    DATABASE.update("delete from trunkline.task where id = ?", task);

    assertThat(
            DATABASE.column(
                UUID.class, "select id from trunkline.task where id in (?, ?)", ended, open))
        .containsExactly(open);
    assertThat(deliveries.find(ended)).isEmpty();
    assertThat(deliveries.find(open)).isPresent();
  }

  @Test
  void whoever_deletes_a_task_waits_for_nobody_who_holds_a_delivery() throws SQLException {
    UUID task = Tasks.in(DATABASE).callback(URL).one();
    end(task, SUCCEEDED);
    UUID delivery = one(task).id();
    end(delivery, SUCCEEDED);
    try (Connection other = DATABASE.connect();
        Connection deleter = DATABASE.connect();
        Statement delete = deleter.createStatement();
        PreparedStatement hold =
            other.prepareStatement("select from trunkline.task where id = ? for update")) {
      other.setAutoCommit(false);
      hold.setObject(1, delivery);
      hold.execute();

      delete.execute("set lock_timeout = '5s'");
      delete.execute("delete from trunkline.task where id = '%s'".formatted(task));
      other.rollback();
    }

    assertThat(DATABASE.count("select count(*) from trunkline.task where id = ?", task)).isZero();
    assertThat(DATABASE.count("select count(*) from trunkline.task where id = ?", delivery))
        .isEqualTo(1);
  }

  private static boolean somebodyWaitsForALock() {
    return DATABASE.count(
            "select count(*) from pg_stat_activity"
                + " where datname = current_database() and wait_event_type = 'Lock'")
        > 0;
  }

  private DeliveryStatus one(UUID task) {
    List<DeliveryStatus> all = deliveries.of(task);
    assertThat(all).hasSize(1);
    return all.getFirst();
  }

  private static Map<String, Object> row(UUID task) {
    return DATABASE.row("select * from trunkline.task where id = ?", task);
  }

  private static void end(UUID task, String change) {
    DATABASE.update("update trunkline.task set " + change + " where id = ?", task);
  }

  private void refused(UUID task, Refusal refusal) {
    assertThatThrownBy(() -> deliveries.again(task))
        .isInstanceOfSatisfying(
            RefusedException.class, e -> assertThat(e.refusal()).isEqualTo(refusal));
  }
}
