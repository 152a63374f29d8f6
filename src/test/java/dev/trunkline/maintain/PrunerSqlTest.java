package dev.trunkline.maintain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trunkline.config.TestConfig;
import dev.trunkline.database.Crowd;
import dev.trunkline.database.TestDatabase;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PrunerSqlTest {

  private static final TestDatabase DATABASE = TestDatabase.fresh();
  private static final Map<String, String> POLICIES =
      Map.of(
          "trunkline.retention.succeeded", "7d",
          "trunkline.retention.cancelled", "3d",
          "trunkline.retention.failed", "30d");
  private static final Duration YEAR = Duration.ofDays(365);

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final Pruner pruner = pruner(POLICIES);
  private final Ended ended = Ended.in(DATABASE);

  @BeforeEach
  void empty() {
    DATABASE.update("truncate trunkline.task cascade");
  }

  @ParameterizedTest
  @CsvSource({"succeeded, 7", "cancelled, 3", "failed, 30"})
  void a_task_goes_when_the_retention_of_its_state_is_over(String state, int days) {
    UUID over = ended.one(state, Duration.ofDays(days).plusSeconds(1));
    UUID kept = ended.one(state, Duration.ofDays(days).minusMinutes(1));

    pass(pruner);

    assertThat(left()).containsExactly(kept).doesNotContain(over);
    assertThat(pruned(state)).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"succeeded", "cancelled", "failed"})
  void zero_keeps_for_ever(String state) {
    UUID kept = ended.one(state, Duration.ofDays(3_000));

    pass(pruner(Map.of("trunkline.retention." + state, "0")));

    assertThat(left()).containsExactly(kept);
  }

  @Test
  void the_other_states_are_pruned_where_one_is_kept_for_ever() {
    UUID kept = ended.one("failed", YEAR);
    ended.one("cancelled", YEAR);
    ended.one("succeeded", YEAR);

    pass(pruner(Map.of("trunkline.retention.failed", "0")));

    assertThat(left()).containsExactly(kept);
  }

  @Test
  void an_open_task_stays_however_old_it_is() {
    UUID open = ended.open(YEAR);

    pass(pruner);

    assertThat(left()).containsExactly(open);
  }

  @ParameterizedTest
  @ValueSource(strings = {"succeeded", "cancelled", "failed"})
  void a_task_stays_until_its_callback_was_delivered_or_given_up(String state) {
    List<UUID> told = ended.many(state, YEAR, 600);
    DATABASE.update("update trunkline.task set callback_url = 'https://client.example/'");
    UUID other = ended.one(state, Duration.ofDays(200));
    DATABASE.rows(
        "select trunkline.call_back(id, callback_url, finished_at, null) from trunkline.task"
            + " where callback_url is not null");

    pass(pruner);

    assertThat(left()).containsAll(told).doesNotContain(other);

    DATABASE.update(
        "update trunkline.task set state = 'succeeded', result = '1', started_at = now(),"
            + " finished_at = now() where type = 'callback.deliver'");
    pass(pruner);

    assertThat(left()).as("ended deliveries go with their tasks").isEmpty();
  }

  @Test
  void the_end_counts_and_not_the_submission() {
    UUID late = ended.submittedAt("succeeded", YEAR, Duration.ofDays(6));
    ended.many("failed", Duration.ofDays(20), 1_500);
    ended.one("succeeded", Duration.ofDays(8));
    pass(pruner);
    assertThat(left()).hasSize(1_501).contains(late);

    DATABASE.update(
        "update trunkline.task set finished_at = now() - interval '8 days' where id = ?", late);
    pass(pruner);

    assertThat(left()).hasSize(1_500).doesNotContain(late);
  }

  @Test
  void succeeded_tasks_behind_many_that_stay_are_found() {
    ended.many("failed", Duration.ofDays(20), 2_500);
    ended.many("succeeded", Duration.ofDays(10), 10);

    pass(pruner);

    assertThat(left()).hasSize(2_500);
    assertThat(pruned("succeeded")).isEqualTo(10);
  }

  @Test
  void attempts_and_entries_go_with_their_tasks() {
    ended.one("succeeded", YEAR);
    ended.one("failed", YEAR);
    UUID kept = ended.one("failed", Duration.ofDays(1));

    pass(pruner);

    assertThat(DATABASE.column(UUID.class, "select distinct task_id from trunkline.attempt"))
        .containsExactly(kept);
    assertThat(DATABASE.column(UUID.class, "select task_id from trunkline.unsuccessful"))
        .containsExactly(kept);
  }

  @Test
  void an_idempotency_key_is_free_again() {
    UUID first = ended.keyed("once", Duration.ofDays(8));

    pass(pruner);
    UUID second = ended.keyed("once", Duration.ZERO);

    assertThat(left()).containsExactly(second).doesNotContain(first);
  }

  @Test
  void succeeded_tasks_go_a_thousand_at_a_time() {
    ended.many("succeeded", YEAR, 2_500);

    assertThat(pruner.runOnce()).isTrue();
    assertThat(left()).hasSize(1_500);
    assertThat(pruner.runOnce()).isTrue();
    assertThat(pruner.runOnce()).isFalse();
    assertThat(left()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"failed", "cancelled"})
  void the_others_go_five_hundred_at_a_time(String state) {
    ended.many(state, YEAR, 1_100);

    assertThat(pruner.runOnce()).isTrue();
    assertThat(left()).hasSize(600);
    pass(pruner);
    assertThat(left()).isEmpty();
    assertThat(pruned(state)).isEqualTo(1_100);
  }

  @Test
  @Timeout(30)
  void what_somebody_has_locked_is_passed_over_and_found_by_the_next_pass() throws SQLException {
    UUID succeeded = ended.one("succeeded", YEAR);
    UUID failed = ended.one("failed", YEAR);
    UUID entry = ended.one("cancelled", YEAR);
    ended.many("succeeded", YEAR, 5);
    try (Connection other = DATABASE.connect();
        Statement statement = other.createStatement()) {
      other.setAutoCommit(false);
      statement.execute(
          "select from trunkline.task where id in ('%s', '%s') for update"
              .formatted(succeeded, failed));
      statement.execute(
          "select from trunkline.unsuccessful where task_id = '%s' for update".formatted(entry));

      pass(pruner);

      assertThat(left()).containsExactlyInAnyOrder(succeeded, failed, entry);
      other.commit();
    }
    pass(pruner);

    assertThat(left()).isEmpty();
  }

  @Test
  void several_at_once_prune_each_task_once() throws Exception {
    ended.many("succeeded", YEAR, 4_000);
    ended.many("failed", YEAR, 2_000);
    List<UUID> kept = ended.many("succeeded", Duration.ofDays(1), 50);
    List<Callable<Boolean>> pruners = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      Pruner each = pruner(POLICIES);
      pruners.add(
          () -> {
            pass(each);
            return true;
          });
    }

    Crowd.run(Collections.unmodifiableList(pruners));
    pass(pruner);

    assertThat(left()).containsExactlyInAnyOrderElementsOf(kept);
    assertThat(pruned("succeeded")).isEqualTo(4_000);
    assertThat(pruned("failed")).isEqualTo(2_000);
  }

  private Pruner pruner(Map<String, String> settings) {
    return new Pruner(DATABASE.dataSource(), TestConfig.with(settings), meters);
  }

  private static void pass(Pruner pruner) {
    boolean more = true;
    while (more) {
      more = pruner.runOnce();
    }
  }

  private double pruned(String state) {
    return meters.get("trunkline.tasks.pruned").tag("state", state).counter().count();
  }

  private static List<UUID> left() {
    return DATABASE.column(UUID.class, "select id from trunkline.task");
  }
}
