package dev.trunkline.finish;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trunkline.database.ConnectionSetup;
import dev.trunkline.database.Load;
import dev.trunkline.database.Plan;
import dev.trunkline.database.Tasks;
import dev.trunkline.database.TestDatabase;
import dev.trunkline.finish.AttemptEnd.Kind;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class FinishPlanSqlTest {

  private static final TestDatabase DATABASE = Load.loaded();

  @ParameterizedTest
  @ValueSource(ints = {1, 100, 500})
  void a_batch_of_successes_finds_its_tasks_by_their_key(int size) throws SQLException {
    List<AttemptEnd.Success> ends = open(size).stream().map(id -> Ends.success(id, 1)).toList();
    try (Connection connection = DATABASE.connect()) {
      goesByKey(
          Plan.of(
              connection,
              SuccessSql.FINISH,
              statement -> SuccessSql.bind(statement, ends, List.of())));
    }
  }

  @Test
  void leases_that_go_along_are_found_by_their_key() throws SQLException {
    List<AttemptEnd.Success> ends = open(100).stream().map(id -> Ends.success(id, 1)).toList();
    List<UUID> leases = List.of(UUID.randomUUID(), UUID.randomUUID());
    try (Connection connection = DATABASE.connect()) {
      // Its settings keep the planner to the key; there are hardly ever more leases than one page.
      new ConnectionSetup().onConnectionCreate(connection);
      findsLeasesByKey(
          Plan.of(
              connection,
              SuccessSql.FINISH,
              statement -> SuccessSql.bind(statement, ends, leases)));
      findsLeasesByKey(Plan.generic(connection, SuccessSql.FINISH));
    }
  }

  private static void findsLeasesByKey(Plan plan) {
    assertThat(plan.readers("lease"))
        .isNotEmpty()
        .allSatisfy(node -> assertThat(node.path("Index Name").asText()).isEqualTo("lease_pkey"));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 100, 500})
  void a_batch_of_setbacks_finds_its_tasks_by_their_key(int size) throws SQLException {
    List<AttemptEnd.Setback> ends =
        open(size).stream().map(id -> Ends.setback(id, 1, Kind.FAILED)).toList();
    try (Connection connection = DATABASE.connect()) {
      goesByKey(
          Plan.of(connection, SetbackSql.FINISH, statement -> SetbackSql.bind(statement, ends)));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {SuccessSql.FINISH, SetbackSql.FINISH, AttemptEndWriter.LOCK})
  void so_does_the_plan_for_any_batch(String sql) throws SQLException {
    try (Connection connection = DATABASE.connect()) {
      goesByKey(Plan.generic(connection, sql));
    }
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = "https://client.example/hook")
  void every_finish_is_a_heap_only_update(@Nullable String callback) {
    TestDatabase database = TestDatabase.fresh();
    List<UUID> waiting = Tasks.in(database).callback(callback).many(1_000);
    Updates before = updates(database, 0);
    AttemptEndWriter writer = new AttemptEndWriter(database.dataSource());
    for (List<UUID> batch : List.of(waiting.subList(0, 500), waiting.subList(500, 1_000))) {
      writer.write(batch.stream().<AttemptEnd>map(id -> Ends.success(id, 1)).toList(), List.of());
    }

    Updates after = updates(database, before.all() + 1_000);

    assertThat(after.all() - before.all()).isEqualTo(1_000);
    assertThat(after.heapOnly() - before.heapOnly()).isEqualTo(1_000);
  }

  /** All in one transaction, so that nothing can be pruned meanwhile. */
  @Test
  void so_is_one_with_a_result_as_long_as_the_payload() {
    TestDatabase database = TestDatabase.fresh();
    database.update(
        """
        insert into trunkline.task (id, type, queue, priority, payload, max_attempts, attempt_limit,
          timeout, run_at, created_at)
        select trunkline.uuidv7(), 'noop', 'default', 5, jsonb_build_object('text', repeat('x', 88)),
          5, 5, interval '10 minutes', now(), now()
        from generate_series(1, 1000)
        """);
    List<UUID> all = database.column(UUID.class, "select id from trunkline.task");
    String result = "{\"text\": \"" + "x".repeat(88) + "\"}";
    new AttemptEndWriter(database.dataSource())
        .write(
            all.stream()
                .<AttemptEnd>map(
                    id -> new AttemptEnd.Success(Ends.ran(id, 1), result, Optional.empty()))
                .toList(),
            List.of());

    Updates after = updates(database, 1_000);

    assertThat(after.all()).isEqualTo(1_000);
    assertThat(after.heapOnly()).isEqualTo(1_000);
  }

  @Test
  void only_ends_of_tasks_with_a_callback_fire_a_trigger() throws SQLException {
    TestDatabase database = TestDatabase.fresh();
    assertThat(fired(database, Tasks.in(database).many(100))).isEmpty();

    List<UUID> some = new ArrayList<>(Tasks.in(database).many(99));
    some.add(Tasks.in(database).callback("https://client.example/hook").one());
    assertThat(fired(database, some)).containsExactly(Map.entry("task_calls_back", 1));
  }

  private static Map<String, Integer> fired(TestDatabase database, List<UUID> tasks)
      throws SQLException {
    List<AttemptEnd.Success> ends = tasks.stream().map(id -> Ends.success(id, 1)).toList();
    try (Connection connection = database.connect()) {
      return Plan.fired(
          connection, SuccessSql.FINISH, statement -> SuccessSql.bind(statement, ends, List.of()));
    }
  }

  private static void goesByKey(Plan plan) {
    List<JsonNode> readers = plan.readers("task");
    assertThat(readers)
        .isNotEmpty()
        .allSatisfy(
            node -> {
              assertThat(node.path("Index Name").asText()).isEqualTo("task_pkey");
              assertThat(node.path("Index Cond").asText()).contains("id = ");
            });
  }

  private static List<UUID> open(int count) {
    return DATABASE.column(
        UUID.class, "select id from trunkline.task where state = 'open' limit ?", count);
  }

  /** Waits until the statistics have heard of that many updates; they come a little later. */
  private static Updates updates(TestDatabase database, long atLeast) {
    long start = System.nanoTime();
    Updates updates = read(database);
    while (updates.all() < atLeast
        && System.nanoTime() - start < Duration.ofSeconds(20).toNanos()) {
      LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
      updates = read(database);
    }
    return updates;
  }

  private static Updates read(TestDatabase database) {
    Map<String, Object> row =
        database.row(
            """
            select n_tup_upd, n_tup_hot_upd from pg_stat_user_tables
            where schemaname = 'trunkline' and relname = 'task'
            """);
    return new Updates((Long) row.get("n_tup_upd"), (Long) row.get("n_tup_hot_upd"));
  }

  private record Updates(long all, long heapOnly) {}
}
