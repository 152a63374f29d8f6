package dev.trunkline.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trunkline.database.Load;
import dev.trunkline.database.Plan;
import dev.trunkline.database.TestDatabase;
import dev.trunkline.task.TaskFilter;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ListPlanSqlTest {

  private static final TestDatabase DATABASE = loaded();
  private static final UUID BEYOND_ALL = new UUID(-1, -1);

  @ParameterizedTest
  @CsvSource({
    "ALL, task, task_pkey, ''",
    "TYPE, task, task_type_id, test",
    "TYPE, task, task_type_id, none",
    "QUEUE, task, task_queue_id, queue-1",
    "TAG, task_tag, task_tag_pkey, red",
    "UNSUCCESSFUL, unsuccessful, unsuccessful_state_task_id, failed",
    "WAITING, ready, ready_task_id, queued",
    "SUCCEEDED, task, task_pkey, succeeded"
  })
  void each_walk_reads_its_index_backwards_and_no_more_than_it_was_asked_to(
      Walk walk, String table, String index, String key) throws SQLException {
    try (Connection connection = DATABASE.connect()) {
      Plan plan =
          Plan.analysed(
              connection,
              walk.sql(),
              statement -> WalkSql.bind(statement, key, BEYOND_ALL, 51, 51));
      for (Plan each : List.of(plan, Plan.generic(connection, walk.sql()))) {
        JsonNode reader = each.readers(table).getFirst();
        assertThat(reader.path("Index Name").asText()).isEqualTo(index);
        assertThat(reader.path("Scan Direction").asText()).isEqualTo("Backward");
      }
      assertThat(Plan.visited(plan.readers(table).getFirst())).isLessThanOrEqualTo(51);
    }
  }

  @Test
  void what_waits_is_read_only_where_the_walk_over_the_succeeded_has_been() throws SQLException {
    try (Connection connection = DATABASE.connect()) {
      Plan plan =
          Plan.analysed(
              connection,
              WalkSql.SUCCEEDED,
              statement -> WalkSql.bind(statement, "succeeded", BEYOND_ALL, 300, 300));

      JsonNode waiting = plan.readers("ready").getFirst();
      assertThat(waiting.path("Index Name").asText()).isEqualTo("ready_task_id");
      assertThat(Plan.visited(waiting)).isLessThanOrEqualTo(300);
    }
  }

  @Test
  void the_count_that_chooses_the_walk_reads_no_more_than_it_was_asked_to() throws SQLException {
    try (Connection connection = DATABASE.connect()) {
      Plan plan =
          Plan.analysed(
              connection,
              WalkSql.COUNT,
              statement -> {
                statement.setString(1, "queued");
                statement.setString(2, "test");
                statement.setString(3, "queue-1");
                statement.setString(4, "red");
                statement.setObject(5, BEYOND_ALL);
                statement.setInt(6, 100);
              });
      for (String table : List.of("task", "ready", "unsuccessful", "task_tag")) {
        assertThat(plan.readers(table))
            .isNotEmpty()
            .allSatisfy(
                node -> {
                  assertThat(node.path("Index Name").asText())
                      .isIn(
                          "task_type_id",
                          "task_queue_id",
                          "ready_task_id",
                          "unsuccessful_state_task_id",
                          "task_tag_pkey");
                  assertThat(Plan.visited(node)).isLessThanOrEqualTo(100);
                });
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {MatchSql.IDS, MatchSql.TASKS})
  void the_look_finds_tasks_by_their_key(String sql) throws SQLException {
    List<UUID> ids =
        DATABASE.column(UUID.class, "select id from trunkline.task order by id desc limit 500");
    try (Connection connection = DATABASE.connect()) {
      Plan plan =
          Plan.analysed(
              connection,
              sql,
              statement ->
                  MatchSql.bind(
                      statement, ids, TaskFilter.ALL.withType("test").withQueue("queue-1"), 51));
      for (Plan each : List.of(plan, Plan.generic(connection, sql))) {
        assertThat(each.readers("task"))
            .isNotEmpty()
            .allSatisfy(
                node -> assertThat(node.path("Index Name").asText()).isEqualTo("task_pkey"));
        assertThat(each.readers("ready"))
            .isNotEmpty()
            .allSatisfy(
                node ->
                    assertThat(node.path("Index Name").asText())
                        .isIn("ready_pkey", "ready_task_id"));
      }
    }
  }

  private static TestDatabase loaded() {
    TestDatabase database = Load.loaded();
    database.update(
        """
        insert into trunkline.unsuccessful (task_id, state, queue, finished_at)
        select id, 'failed', queue, now() from trunkline.task where state <> 'open'
        """);
    database.update(
        "insert into trunkline.task_tag select 'red', id from trunkline.task where state = 'open'");
    database.update("vacuum analyze");
    return database;
  }
}
