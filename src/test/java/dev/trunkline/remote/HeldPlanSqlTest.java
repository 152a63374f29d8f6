package dev.trunkline.remote;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trunkline.database.Load;
import dev.trunkline.database.Plan;
import dev.trunkline.database.TestDatabase;
import dev.trunkline.task.AttemptToken;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Among 20,000 leases, and 120,000 tasks. */
class HeldPlanSqlTest {

  private static final TestDatabase DATABASE = Load.loaded();

  @BeforeAll
  static void leaseMany() {
    DATABASE.update(
        """
        with gone as (
          delete from trunkline.ready
          where task_id in (select task_id from trunkline.ready where due <= now() limit 20000)
          returning task_id
        )
        insert into trunkline.remote_lease (task_id, attempt, worker, lasts, started_at,
          heartbeat_at, expires_at, ends_at)
        select task_id, 1, 'w1', '1 minute', now(), now(), now() + interval '1 minute',
          now() + interval '1 hour'
        from gone
        """);
    DATABASE.update(
        """
        insert into trunkline.attempt (task_id, number, worker, started_at, finished_at, outcome)
        select task_id, 7, 'w1', now(), now(), 'failed' from trunkline.remote_lease
        """);
    DATABASE.update("vacuum analyze");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 100, 500})
  void what_is_said_of_leases_finds_them_and_their_tasks_by_their_keys(int size)
      throws SQLException {
    List<AttemptToken> attempts = attempts(size);
    List<Beat> beats =
        attempts.stream().map(it -> new Beat(it, Optional.empty(), Optional.empty())).toList();
    try (Connection connection = DATABASE.connect()) {
      goesByKey(Plan.of(connection, HeldSql.TAKE, statement -> HeldSql.bind(statement, attempts)));
      goesByKey(
          Plan.of(connection, HeldSql.HEARTBEAT, statement -> HeldSql.bindBeats(statement, beats)));
      goesByKey(Plan.of(connection, HeldSql.ENDED, statement -> HeldSql.bind(statement, attempts)));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {HeldSql.TAKE, HeldSql.HEARTBEAT, HeldSql.ENDED})
  void so_does_the_plan_for_any_batch(String sql) throws SQLException {
    try (Connection connection = DATABASE.connect()) {
      goesByKey(Plan.generic(connection, sql));
    }
  }

  @Test
  void the_status_of_a_task_that_runs_outside_is_found_by_keys() throws SQLException {
    UUID task = attempts(1).getFirst().taskId();
    try (Connection connection = DATABASE.connect()) {
      Plan plan =
          Plan.analysed(
              connection,
              "select * from trunkline.task_status where id = ?",
              statement -> statement.setObject(1, task));

      assertThat(plan.root().path("Actual Rows").asLong()).isEqualTo(1);
      goesByKey(plan);
      // Found where it was looked for first.
      assertThat(plan.readers("lease"))
          .allSatisfy(node -> assertThat(node.path("Actual Loops").asLong()).isZero());
    }
  }

  @Test
  void the_status_of_a_task_that_has_ended_looks_for_no_lease() throws SQLException {
    UUID task =
        DATABASE
            .column(UUID.class, "select id from trunkline.task where state = 'succeeded' limit 1")
            .getFirst();
    try (Connection connection = DATABASE.connect()) {
      Plan plan =
          Plan.analysed(
              connection,
              "select * from trunkline.task_status where id = ?",
              statement -> statement.setObject(1, task));

      assertThat(plan.readers("lease"))
          .allSatisfy(node -> assertThat(node.path("Actual Loops").asLong()).isZero());
      assertThat(plan.readers("remote_lease"))
          .allSatisfy(node -> assertThat(node.path("Actual Loops").asLong()).isZero());
    }
  }

  private static void goesByKey(Plan plan) {
    for (String table : List.of("task", "remote_lease", "attempt")) {
      assertThat(plan.readers(table))
          .allSatisfy(
              node ->
                  assertThat(node.path("Index Name").asText())
                      .as(node.toPrettyString())
                      .isEqualTo(table + "_pkey"));
    }
  }

  private static List<AttemptToken> attempts(int size) {
    return DATABASE
        .column(UUID.class, "select task_id from trunkline.remote_lease limit ?", size)
        .stream()
        .map(id -> new AttemptToken(id, 1))
        .toList();
  }
}
