package dev.trunkline.claim;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trunkline.claim.RemoteClaim.Since;
import dev.trunkline.database.Load;
import dev.trunkline.database.Plan;
import dev.trunkline.database.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RemoteClaimPlanSqlTest {

  private static final TestDatabase DATABASE = Load.loaded();

  @ParameterizedTest
  @ValueSource(ints = {1, 100, 200})
  void a_claim_walks_the_key(int seats) throws SQLException {
    try (Connection connection = DATABASE.connect()) {
      walksTheKey(
          Plan.of(
              connection,
              RemoteClaimSql.CLAIM,
              statement ->
                  RemoteClaimSql.bind(
                      statement, RemoteClaims.ofType("test").atMost(seats).request())));
    }
  }

  @Test
  void so_does_the_plan_for_any_claim() throws SQLException {
    try (Connection connection = DATABASE.connect()) {
      walksTheKey(Plan.generic(connection, RemoteClaimSql.CLAIM));
    }
  }

  @Test
  void a_claim_visits_the_first_of_each_lane_and_what_it_takes() throws SQLException {
    Plan plan = analysed(RemoteClaims.ofType("test").atMost(50));

    assertThat(scans(plan)).hasSize(2);
    // Of a hundred lanes fifteen hold something, which PostgreSQL 17 and older round to none.
    assertThat(scans(plan))
        .allSatisfy(scan -> assertThat(Plan.visited(scan)).isLessThanOrEqualTo(60));
    assertThat(plan.readers("task"))
        .allSatisfy(node -> assertThat(node.path("Actual Loops").asLong()).isEqualTo(50));
  }

  @Test
  void a_claim_from_a_time_on_visits_nothing_that_was_due_before() throws SQLException {
    Since now = now();

    Plan plan = analysed(RemoteClaims.ofType("test").since(now));

    assertThat(scans(plan)).allSatisfy(scan -> assertThat(Plan.visited(scan)).isZero());
  }

  @Test
  void so_does_a_look() throws SQLException {
    Since now = now();
    try (Connection connection = DATABASE.connect()) {
      Plan plan =
          Plan.analysed(
              connection,
              RemoteClaimSql.LOOK,
              statement -> RemoteClaimSql.bindSince(statement, 1, Optional.of(now)));

      JsonNode scan =
          plan.nodes(node -> node.path("Index Name").asText().equals("ready_pkey")).getFirst();
      assertThat(plan.readers("ready")).hasSize(1);
      assertThat(scan.path("Index Cond").asText())
          .contains("queue = ", "priority = ", "due > ", "due <= ");
      assertThat(scan.path("Actual Loops").asLong()).isEqualTo(Load.openLanes(DATABASE));
      assertThat(Plan.visited(scan)).isZero();
    }
  }

  @Test
  void what_is_told_before_is_one_probe_of_the_key_for_each_lane() throws SQLException {
    try (Connection connection = DATABASE.connect()) {
      JsonNode scan =
          scans(Plan.analysed(connection, RemoteClaimSql.TELL, statement -> {})).getFirst();

      assertThat(scan.path("Index Name").asText()).isEqualTo("ready_pkey");
      assertThat(scan.path("Actual Loops").asLong()).isEqualTo(Load.openLanes(DATABASE));
      assertThat(Plan.visited(scan)).isLessThanOrEqualTo(Load.openLanes(DATABASE));
    }
  }

  private static void walksTheKey(Plan plan) {
    assertThat(scans(plan))
        .hasSize(2)
        .allSatisfy(
            scan -> {
              assertThat(scan.path("Index Name").asText()).isEqualTo("ready_pkey");
              assertThat(scan.path("Index Cond").asText())
                  .contains("queue = ", "priority = ", "ROW(due, task_id) > ROW(", "due <= ");
            });
    assertThat(plan.readers("task"))
        .isNotEmpty()
        .allSatisfy(node -> assertThat(node.path("Index Name").asText()).isEqualTo("task_pkey"));
  }

  /** Those that walk {@code ready}; another one fetches by the rows' addresses. */
  private static List<JsonNode> scans(Plan plan) {
    return plan.nodes(
        node -> node.path("Relation Name").asText().equals("ready") && node.has("Index Name"));
  }

  private static Plan analysed(RemoteClaims claims) throws SQLException {
    try (Connection connection = DATABASE.connect()) {
      connection.setAutoCommit(false);
      Plan plan =
          Plan.analysed(
              connection,
              RemoteClaimSql.CLAIM,
              statement -> RemoteClaimSql.bind(statement, claims.request()));
      connection.rollback();
      return plan;
    }
  }

  private static Since now() {
    RemoteClaim.Tidings tidings = RemoteClaims.claimer(DATABASE).look(Optional.empty()).tidings();
    return new Since(tidings.at(), tidings.openQueues());
  }
}
