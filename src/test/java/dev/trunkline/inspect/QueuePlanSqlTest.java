package dev.trunkline.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trunkline.database.Load;
import dev.trunkline.database.Plan;
import dev.trunkline.database.Tasks;
import dev.trunkline.database.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Looks at queues and explanations among 120,000 tasks and 40,000 that did not succeed. */
class QueuePlanSqlTest {

  private static final TestDatabase DATABASE = Load.loaded();

  @BeforeAll
  static void failMany() {
    DATABASE.update(
        """
        insert into trunkline.unsuccessful (task_id, state, queue, finished_at)
        select id, case when random() < 0.7 then 'failed' else 'cancelled' end, queue, now()
        from trunkline.task where state = 'succeeded'
        """);
    UUID worker = Tasks.worker(DATABASE, "w1");
    Tasks.lease(
        DATABASE,
        worker,
        DATABASE.column(
            UUID.class,
            "select task_id from trunkline.ready where due <= now() order by task_id limit 300"));
    DATABASE.update("vacuum analyze");
  }

  @Test
  void a_look_at_a_queue_counts_by_indexes_and_never_beyond_its_bound() throws SQLException {
    try (Connection connection = DATABASE.connect()) {
      Plan plan =
          Plan.analysed(
              connection,
              QueuesSql.LOOK,
              statement -> QueuesSql.bindOne(statement, "queue-1", 1_000));

      countsByIndexes(plan, 1_000);
      assertThat(plan.root().path("Actual Rows").asLong()).isEqualTo(1);
    }
  }

  @Test
  void so_does_one_at_all_of_them() throws SQLException {
    try (Connection connection = DATABASE.connect()) {
      Plan plan =
          Plan.analysed(
              connection, QueuesSql.LOOK, statement -> QueuesSql.bindPage(statement, "", 101, 200));

      countsByIndexes(plan, 10 * 200);
      assertThat(plan.root().path("Actual Rows").asLong())
          .isEqualTo(DATABASE.count("select count(*) from trunkline.queue"));
    }
  }

  @Test
  void so_does_the_plan_for_any_look() throws SQLException {
    try (Connection connection = DATABASE.connect()) {
      goesByIndexes(Plan.generic(connection, QueuesSql.LOOK));
    }
  }

  /** As many as a planner would rather read the whole table for. */
  @Test
  void the_count_of_all_looks_up_what_runs_however_many_that_are() throws SQLException {
    try (Connection connection = DATABASE.connect()) {
      connection.setAutoCommit(false);
      try (Statement statement = connection.createStatement()) {
        statement.execute(
            """
            insert into trunkline.lease (id, worker_id, task_ids, attempts, started_at)
            select gen_random_uuid(), (select worker_id from trunkline.lease limit 1),
              array_agg(id order by id), array_agg(1 order by id), now()
            from (select id, row_number() over () / 500 as part from trunkline.task) as parts
            group by part
            """);
        statement.execute("analyze trunkline.lease");
      }
      assertThat(Plan.generic(connection, QueuesSql.COUNT_ALL).readers("task"))
          .isNotEmpty()
          .allSatisfy(node -> uses(node, Set.of("task_pkey")));
      connection.rollback();
    }
    // Its number of rows is not rolled back.
    DATABASE.update("analyze trunkline.lease");
  }

  @Test
  void an_explanation_walks_the_key_up_to_the_task() throws SQLException {
    UUID task = nth(500);
    Tasks.worker(DATABASE, "w2");
    try (Connection connection = DATABASE.connect()) {
      Plan plan =
          Plan.analysed(connection, ExplainSql.LOOK, statement -> ExplainSql.bind(statement, task));

      for (Plan each : List.of(plan, Plan.generic(connection, ExplainSql.LOOK))) {
        assertThat(each.readers("task")).allSatisfy(node -> uses(node, Set.of("task_pkey")));
        assertThat(each.readers("ready"))
            .allSatisfy(node -> uses(node, Set.of("ready_pkey", "ready_task_id")));
      }
      assertThat(total(plan, "ready")).isBetween(400L, 520L);
      // Itself, and what its workers run.
      assertThat(total(plan, "task")).isBetween(300L, 310L);
    }
  }

  @Test
  void what_is_behind_the_task_is_not_read() throws SQLException {
    UUID task = nth(5);
    try (Connection connection = DATABASE.connect()) {
      Plan plan =
          Plan.analysed(connection, ExplainSql.LOOK, statement -> ExplainSql.bind(statement, task));

      List<JsonNode> walks =
          plan.nodes(node -> node.path("Index Name").asText().equals("ready_pkey"));
      assertThat(walks).allSatisfy(walk -> assertThat(Plan.visited(walk)).isLessThanOrEqualTo(10));
      // An empty lane takes three, and the rows that are in front one each; there are thousands.
      assertThat(walks.stream().mapToLong(QueuePlanSqlTest::blocks).sum()).isLessThanOrEqualTo(60);
    }
  }

  @Test
  void an_explanation_of_one_that_has_ended_looks_at_nothing_else() throws SQLException {
    UUID task =
        DATABASE
            .column(UUID.class, "select id from trunkline.task where state = 'succeeded' limit 1")
            .getFirst();
    try (Connection connection = DATABASE.connect()) {
      Plan plan =
          Plan.analysed(connection, ExplainSql.LOOK, statement -> ExplainSql.bind(statement, task));

      assertThat(total(plan, "task")).isEqualTo(2);
      for (String table : List.of("ready", "lease", "remote_lease", "worker", "remote_worker")) {
        assertThat(total(plan, table)).as(table).isZero();
      }
    }
  }

  private static UUID nth(int place) {
    return DATABASE
        .column(
            UUID.class,
            """
            select task_id from trunkline.ready
            where queue = 'queue-2' and due <= now()
            order by priority, due, task_id offset ? limit 1
            """,
            place)
        .getFirst();
  }

  private static void countsByIndexes(Plan plan, int bound) {
    goesByIndexes(plan);
    for (String table : List.of("ready", "unsuccessful")) {
      for (JsonNode reader : plan.readers(table)) {
        // PostgreSQL 17 and older round the rows of each loop.
        long rounding = reader.path("Actual Loops").asLong() / 2;
        assertThat(Plan.visited(reader))
            .as(reader.toString())
            .isLessThanOrEqualTo(bound + rounding);
      }
    }
    assertThat(total(plan, "task")).isEqualTo(300);
  }

  private static long blocks(JsonNode node) {
    return node.path("Shared Hit Blocks").asLong() + node.path("Shared Read Blocks").asLong();
  }

  private static void goesByIndexes(Plan plan) {
    assertThat(plan.readers("ready"))
        .hasSize(3)
        .allSatisfy(node -> uses(node, Set.of("ready_pkey")));
    assertThat(plan.readers("unsuccessful"))
        .hasSize(2)
        .allSatisfy(node -> uses(node, Set.of("unsuccessful_queue_state_task_id")));
    assertThat(plan.readers("task"))
        .isNotEmpty()
        .allSatisfy(node -> uses(node, Set.of("task_pkey")));
  }

  private static void uses(JsonNode node, Set<String> indexes) {
    assertThat(node.path("Index Name").asText()).as(node.toString()).isIn(indexes);
    assertThat(node.path("Index Cond").asText()).isNotEmpty();
  }

  private static long total(Plan plan, String table) {
    return plan.readers(table).stream().mapToLong(Plan::visited).sum();
  }
}
