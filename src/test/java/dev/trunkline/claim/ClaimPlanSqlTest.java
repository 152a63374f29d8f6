package dev.trunkline.claim;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trunkline.claim.ScanPositions.Lane;
import dev.trunkline.claim.ScanPositions.Position;
import dev.trunkline.database.Load;
import dev.trunkline.database.Plan;
import dev.trunkline.database.Tasks;
import dev.trunkline.database.TestDatabase;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClaimPlanSqlTest {

  private static final TestDatabase DATABASE = Load.loaded();
  private static final UUID WORKER = Tasks.worker(DATABASE, "w1");
  private static final Position LONG_AGO =
      new Position(OffsetDateTime.of(2020, 1, 1, 0, 0, 0, 0, ZoneOffset.UTC), new UUID(0, 0));

  @ParameterizedTest
  @ValueSource(ints = {1, 100, 500})
  void a_claim_walks_the_key_from_its_position_on(int slots) throws SQLException {
    Claims claims =
        Claims.by(WORKER).freeElsewhere(slots).from(Map.of(new Lane("queue-1", 5), LONG_AGO));
    try (Connection connection = DATABASE.connect()) {
      walksTheKey(Plan.of(connection, ClaimSql.CLAIM, binding(claims)));
    }
  }

  @Test
  void so_does_the_plan_for_any_claim() throws SQLException {
    try (Connection connection = DATABASE.connect()) {
      walksTheKey(Plan.generic(connection, ClaimSql.CLAIM));
    }
  }

  @Test
  void the_next_due_time_is_one_probe_of_the_key_for_each_lane() throws SQLException {
    try (Connection connection = DATABASE.connect()) {
      Plan analysed = Plan.analysed(connection, ClaimSql.NEXT_DUE, statement -> {});

      assertThat(scan(analysed).path("Index Name").asText()).isEqualTo("ready_pkey");
      assertThat(scan(analysed).path("Index Cond").asText()).contains("due > ");
      assertThat(scan(analysed).path("Actual Loops").asLong()).isEqualTo(Load.openLanes(DATABASE));
      assertThat(Plan.visited(scan(analysed))).isLessThanOrEqualTo(Load.openLanes(DATABASE));
      assertThat(scan(Plan.generic(connection, ClaimSql.NEXT_DUE)).path("Index Name").asText())
          .isEqualTo("ready_pkey");
    }
  }

  @Test
  void a_claim_visits_no_more_than_it_takes() throws SQLException {
    Plan plan = analysed(Claims.by(WORKER).only("queue-1", "queue-2").freeElsewhere(50));

    assertThat(Plan.visited(scan(plan))).isBetween(90L, 130L);
    assertThat(plan.readers("task"))
        .allSatisfy(node -> assertThat(node.path("Actual Loops").asLong()).isEqualTo(100));
  }

  @Test
  void a_crowd_for_next_week_does_not_stand_in_front() throws SQLException {
    assertThat(
            DATABASE.count(
                "select count(*) from trunkline.ready where queue = 'queue-6' and due > now()"))
        .isGreaterThan(3_000);
    DATABASE.update(
        "delete from trunkline.ready where queue = 'queue-6' and due <= now() and priority > 4");
    Tasks.in(DATABASE).queue("queue-6").priority(9).one();

    Plan plan = analysed(Claims.by(WORKER).only("queue-6").freeElsewhere(10_000));

    assertThat(Plan.visited(scan(plan)))
        .isLessThanOrEqualTo(
            DATABASE.count(
                "select count(*) + 10 from trunkline.ready"
                    + " where queue = 'queue-6' and due <= now()"));
  }

  @Test
  void of_a_paused_queue_nothing_is_visited() throws SQLException {
    assertThat(backlog("queue-8")).isGreaterThan(3_000);
    DATABASE.update("update trunkline.queue set paused_at = now() where name = 'queue-8'");
    try (Connection connection = DATABASE.connect()) {
      // Nor is it asked when its next task is due.
      Plan nextDue = Plan.analysed(connection, ClaimSql.NEXT_DUE, statement -> {});
      assertThat(scan(nextDue).path("Actual Loops").asLong()).isEqualTo(Load.openLanes(DATABASE));
    }
    Plan claim = analysed(Claims.by(WORKER).only("queue-8"));
    Plan lease = leasing(RemoteClaims.ofQueue("queue-8"));

    for (Plan plan : List.of(claim, lease)) {
      List<JsonNode> readers =
          plan.readers("ready").stream().filter(node -> !isNextDue(node)).toList();
      assertThat(readers).isNotEmpty().allSatisfy(node -> assertThat(Plan.visited(node)).isZero());
      assertThat(plan.nodes(node -> node.path("Index Name").asText().equals("ready_pkey")))
          .filteredOn(node -> !isNextDue(node))
          .isNotEmpty()
          .allSatisfy(node -> assertThat(node.path("Actual Loops").asLong()).isZero());
    }
    DATABASE.update("update trunkline.queue set paused_at = null");
    assertThat(analysed(Claims.by(WORKER).only("queue-8")).root().path("Actual Rows").asLong())
        .isEqualTo(1_000);
  }

  @Test
  void nothing_before_the_position_is_visited() throws SQLException {
    List<Map<String, Object>> lane =
        DATABASE.rows(
            "select due, task_id from trunkline.ready"
                + " where queue = 'queue-3' and priority = 6 and due <= now() order by 1, 2");
    Map<String, Object> last = lane.get(lane.size() - 3);
    Position position =
        new Position(
            ((Timestamp) last.get("due")).toInstant().atOffset(ZoneOffset.UTC),
            (UUID) last.get("task_id"));
    DATABASE.update("delete from trunkline.ready where queue = 'queue-3' and priority <> 6");

    Plan plan =
        analysed(Claims.by(WORKER).only("queue-3").from(Map.of(new Lane("queue-3", 6), position)));

    assertThat(lane).hasSizeGreaterThan(1_000);
    assertThat(plan.root().path("Actual Rows").asLong()).isEqualTo(2);
    assertThat(Plan.visited(scan(plan))).isLessThanOrEqualTo(10);
  }

  private static void walksTheKey(Plan plan) {
    assertThat(scan(plan).path("Index Name").asText()).isEqualTo("ready_pkey");
    assertThat(scan(plan).path("Index Cond").asText())
        .contains("queue = ", "priority = ", "ROW(due, task_id) > ROW(", "due <= ");
    assertThat(plan.readers("task"))
        .isNotEmpty()
        .allSatisfy(node -> assertThat(node.path("Index Name").asText()).isEqualTo("task_pkey"));
    // In the order of the pages, and nothing sorts the payloads.
    assertThat(plan.nodes(node -> node.path("Sort Key").toString().contains("task_id"))).hasSize(1);
    assertThat(plan.nodes(node -> node.path("Sort Key").toString().contains("taken"))).isEmpty();
    assertThat(plan.readers("ready"))
        .allSatisfy(
            node ->
                assertThat(node.path("Node Type").asText())
                    .isIn("Index Scan", "Index Only Scan", "Tid Scan"));
  }

  /**
   * The one that walks {@code ready}. Others fetch by the rows' addresses, or tell when the next
   * task is due, which needs nothing but the index.
   */
  private static JsonNode scan(Plan plan) {
    List<JsonNode> scans =
        plan.nodes(
            node -> node.path("Relation Name").asText().equals("ready") && node.has("Index Name"));
    if (scans.size() > 1) {
      scans = scans.stream().filter(node -> !isNextDue(node)).toList();
    }
    assertThat(scans).hasSize(1);
    return scans.getFirst();
  }

  private static boolean isNextDue(JsonNode node) {
    return node.path("Index Cond").asText().contains("due > statement_timestamp()");
  }

  private static Plan analysed(Claims claims) throws SQLException {
    try (Connection connection = DATABASE.connect()) {
      connection.setAutoCommit(false);
      Plan plan = Plan.analysed(connection, ClaimSql.CLAIM, binding(claims));
      connection.rollback();
      return plan;
    }
  }

  private static Plan leasing(RemoteClaims leases) throws SQLException {
    try (Connection connection = DATABASE.connect()) {
      connection.setAutoCommit(false);
      Plan plan =
          Plan.analysed(
              connection,
              RemoteClaimSql.CLAIM,
              statement -> RemoteClaimSql.bind(statement, leases.request()));
      connection.rollback();
      return plan;
    }
  }

  private static long backlog(String queue) {
    return DATABASE.count(
        "select count(*) from trunkline.ready where queue = ? and due <= now()", queue);
  }

  private static Plan.Binder binding(Claims claims) {
    return (PreparedStatement statement) -> ClaimSql.bind(statement, claims.request());
  }
}
