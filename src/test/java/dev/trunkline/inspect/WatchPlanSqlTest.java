package dev.trunkline.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trunkline.database.Load;
import dev.trunkline.database.Plan;
import dev.trunkline.database.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WatchPlanSqlTest {

  private static final TestDatabase DATABASE = Load.loaded();

  @ParameterizedTest
  @ValueSource(ints = {1, 100, 1_000})
  void the_question_of_the_watchers_probes_the_keys_once_for_each_task(int watched)
      throws SQLException {
    List<UUID> ids = ids(watched);
    try (Connection connection = DATABASE.connect()) {
      Plan plan =
          Plan.analysed(connection, WatchSql.STAMPS, statement -> WatchSql.bind(statement, ids));

      probesTheKeys(plan);
      assertThat(plan.root().path("Actual Rows").asLong()).isEqualTo(watched);
      assertThat(plan.readers("task"))
          .allSatisfy(node -> assertThat(Plan.visited(node)).isEqualTo(watched));
    }
  }

  @Test
  void so_does_the_plan_for_any_number_of_them() throws SQLException {
    try (Connection connection = DATABASE.connect()) {
      probesTheKeys(Plan.generic(connection, WatchSql.STAMPS));
    }
  }

  @Test
  void those_that_changed_are_read_by_their_keys_as_well() throws SQLException {
    List<UUID> ids = ids(50);
    try (Connection connection = DATABASE.connect()) {
      probesTheKeys(
          Plan.analysed(connection, TasksSql.READ, statement -> TasksSql.bind(statement, ids)));
      probesTheKeys(Plan.generic(connection, TasksSql.READ));
    }
  }

  private static void probesTheKeys(Plan plan) {
    assertThat(plan.readers("task"))
        .isNotEmpty()
        .allSatisfy(node -> uses(node, Set.of("task_pkey")));
    assertThat(plan.readers("ready"))
        .isNotEmpty()
        .allSatisfy(node -> uses(node, Set.of("ready_pkey", "ready_task_id")));
  }

  private static void uses(JsonNode node, Set<String> indexes) {
    assertThat(node.path("Index Name").asText()).as(node.toString()).isIn(indexes);
    assertThat(node.path("Index Cond").asText()).isNotEmpty();
  }

  private static List<UUID> ids(int count) {
    return DATABASE.column(
        UUID.class,
        "select id from trunkline.task tablesample bernoulli (50) repeatable (1) limit ?",
        count);
  }
}
