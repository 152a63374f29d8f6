package dev.trunkline.maintain;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trunkline.database.Load;
import dev.trunkline.database.Plan;
import dev.trunkline.database.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrunePlanSqlTest {

  private static final TestDatabase DATABASE = Load.loaded();
  private static final Duration YEAR = Duration.ofDays(365);

  @BeforeAll
  static void someEndedLongAgo() {
    Ended.in(DATABASE).many("succeeded", YEAR, 5_000);
    Ended.in(DATABASE).many("failed", YEAR, 5_000);
    Ended.in(DATABASE).many("failed", Duration.ofDays(1), 20_000);
    DATABASE.update("vacuum analyze");
  }

  @Test
  void a_portion_of_the_succeeded_is_a_walk_over_a_thousand_entries_of_the_key()
      throws SQLException {
    Plan plan =
        analysed(
            PruneSql.SUCCEEDED,
            statement -> {
              statement.setString(1, "P7D");
              statement.setObject(2, new UUID(0, 0));
            });

    goesByKey(plan);
    JsonNode walk = walk(plan);
    assertThat(walk.path("Index Cond").asText()).contains("id > ");
    assertThat(Plan.visited(walk)).isEqualTo(1_000);
  }

  @Test
  void nothing_before_the_position_is_visited() throws SQLException {
    UUID position =
        DATABASE.value(
            UUID.class, "select id from trunkline.task order by id desc offset 10 limit 1");
    Plan plan =
        analysed(
            PruneSql.SUCCEEDED,
            statement -> {
              statement.setString(1, "P7D");
              statement.setObject(2, position);
            });

    assertThat(Plan.visited(walk(plan))).isEqualTo(10);
  }

  @Test
  void the_oldest_failures_are_found_by_their_index() throws SQLException {
    Plan plan =
        analysed(
            PruneSql.UNSUCCESSFUL,
            statement -> {
              statement.setString(1, "failed");
              statement.setString(2, "P30D");
            });

    goesByKey(plan);
    goesByTheEnd(plan);
    assertThat(Plan.visited(plan.readers("unsuccessful").getFirst())).isBetween(500L, 510L);
  }

  @ParameterizedTest
  @ValueSource(strings = {PruneSql.SUCCEEDED, PruneSql.UNSUCCESSFUL})
  void so_do_the_plans_for_any_portion(String sql) throws SQLException {
    try (Connection connection = DATABASE.connect()) {
      Plan plan = Plan.generic(connection, sql);

      goesByKey(plan);
      goesByTheEnd(plan);
    }
  }

  /** Else each task that is deleted reads the whole of another table. */
  @Test
  void whatever_refers_to_a_task_has_an_index_that_begins_with_it() {
    assertThat(
            DATABASE.column(
                String.class,
                """
                select c.conrelid::regclass::text
                from pg_constraint c
                where c.contype = 'f' and c.confrelid = 'trunkline.task'::regclass
                  and not exists (
                    select from pg_index i
                    where i.indrelid = c.conrelid and i.indkey[0] = c.conkey[1]
                      and i.indpred is null)
                """))
        .isEmpty();
    assertThat(
            DATABASE.count(
                "select count(*) from pg_constraint"
                    + " where contype = 'f' and confrelid = 'trunkline.task'::regclass"))
        .isPositive();
  }

  private static void goesByKey(Plan plan) {
    assertThat(plan.readers("task"))
        .isNotEmpty()
        .allSatisfy(
            node -> {
              String by =
                  node.path("Node Type").asText().equals("Bitmap Heap Scan")
                      ? node.path("Plans").path(0).path("Index Name").asText()
                      : node.path("Index Name").asText();
              assertThat(by).isEqualTo("task_pkey");
            });
  }

  private static void goesByTheEnd(Plan plan) {
    assertThat(plan.readers("unsuccessful"))
        .allSatisfy(
            node ->
                assertThat(node.path("Index Name").asText())
                    .isEqualTo("unsuccessful_state_finished_at"));
  }

  /** The one that walks, in whatever way where few are left; the others fetch what it found. */
  private static JsonNode walk(Plan plan) {
    return plan.readers("task").stream()
        .filter(
            node ->
                node.path("Index Cond").asText().contains("id > ")
                    || node.path("Recheck Cond").asText().contains("id > "))
        .findFirst()
        .orElseThrow();
  }

  private static Plan analysed(String sql, Plan.Binder binder) throws SQLException {
    try (Connection connection = DATABASE.connect()) {
      connection.setAutoCommit(false);
      Plan plan = Plan.analysed(connection, sql, binder);
      connection.rollback();
      return plan;
    }
  }
}
