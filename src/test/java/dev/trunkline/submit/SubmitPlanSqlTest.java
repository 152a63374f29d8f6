package dev.trunkline.submit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trunkline.claim.Direct;
import dev.trunkline.claim.DirectClaim;
import dev.trunkline.claim.DirectClaims.Candidate;
import dev.trunkline.database.Load;
import dev.trunkline.database.Plan;
import dev.trunkline.database.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SubmitPlanSqlTest {

  private static final TestDatabase DATABASE = Load.loaded();

  @Test
  void an_insert_reads_neither_tasks_nor_what_waits() throws SQLException {
    List<NewTask> batch = Collections.nCopies(500, NewTasks.plain());
    try (Connection connection = DATABASE.connect()) {
      readsNoTask(
          Plan.of(
              connection, SubmitSql.INSERT, statement -> SubmitSql.bind(statement, batch, true)));
      readsNoTask(Plan.generic(connection, SubmitSql.INSERT));
    }
  }

  @Test
  void one_of_tasks_with_keys_reads_neither_of_them_either() throws SQLException {
    List<NewTask> batch =
        IntStream.range(0, 500).mapToObj(i -> NewTasks.keyed("key " + i)).toList();
    try (Connection connection = DATABASE.connect()) {
      readsNoTask(
          Plan.of(
              connection,
              SubmitSql.INSERT_BY_KEY,
              statement -> SubmitSql.bind(statement, batch, true)));
      readsNoTask(Plan.generic(connection, SubmitSql.INSERT_BY_KEY));
    }
  }

  @Test
  void one_that_claims_reads_neither_of_them_either() throws SQLException {
    List<NewTask> batch = Collections.nCopies(100, NewTasks.inQueue("queue-1"));
    Direct here = new Direct(DATABASE);
    DirectClaim claim = here.claims.begin(List.of(new Candidate(7, "queue-1", 5))).orElseThrow();
    try (Connection connection = DATABASE.connect()) {
      Plan plan =
          Plan.of(
              connection,
              SubmitAndClaimSql.INSERT_AND_CLAIM,
              statement -> SubmitAndClaimSql.bind(statement, batch, claim));
      readsNoTask(plan, "lease");
      readsNoTask(Plan.generic(connection, SubmitAndClaimSql.INSERT_AND_CLAIM), "lease");
    } finally {
      claim.failed(false);
    }
  }

  @Test
  void a_key_is_found_by_its_index() throws SQLException {
    try (Connection connection = DATABASE.connect()) {
      Plan plan =
          Plan.of(
              connection,
              SubmitSql.FIND_BY_KEY,
              statement -> SubmitSql.bindKey(statement, NewTasks.submissionUnder("the key")));

      assertThat(plan.readers("task"))
          .singleElement()
          .satisfies(
              node ->
                  assertThat(node.path("Index Name").asText()).isEqualTo("task_idempotency_key"));
    }
  }

  @Test
  void many_keys_are_found_by_one_look_into_the_index_each() throws SQLException {
    List<Submission> batch =
        IntStream.range(0, 500).mapToObj(i -> NewTasks.submissionUnder("key " + i)).toList();
    try (Connection connection = DATABASE.connect()) {
      findsEachKeyByIndex(
          Plan.of(
              connection,
              SubmitSql.FIND_BY_KEYS,
              statement -> SubmitSql.bindKeys(statement, batch)));
      findsEachKeyByIndex(Plan.generic(connection, SubmitSql.FIND_BY_KEYS));
    }
  }

  private static void findsEachKeyByIndex(Plan plan) {
    assertThat(plan.readers("task"))
        .singleElement()
        .satisfies(
            node -> {
              assertThat(node.path("Index Name").asText()).isEqualTo("task_idempotency_key");
              assertThat(node.path("Index Cond").asText()).contains("i.key");
            });
  }

  private static void readsNoTask(Plan plan, String... more) {
    List<String> tables = new ArrayList<>(List.of("queue", "new_queue", "task", "ready"));
    tables.addAll(List.of(more));
    assertThat(plan.nodes(node -> node.path("Operation").asText().equals("Insert")))
        .extracting(node -> node.path("Relation Name").asText())
        .containsExactlyInAnyOrderElementsOf(tables);
    assertThat(plan.readers("task")).isEmpty();
    assertThat(plan.readers("ready")).isEmpty();
    assertThat(plan.nodes(node -> node.path("Function Name").asText().equals("try_open_queues")))
        .hasSize(more.length);
  }
}
