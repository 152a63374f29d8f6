package dev.trunkline.claim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trunkline.database.ConnectionSetup;
import dev.trunkline.database.Plan;
import dev.trunkline.database.Tasks;
import dev.trunkline.database.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What a session plans while little is waiting is what it runs when much has come at once. */
class ClaimUnanalysedSqlTest {

  private static final TestDatabase DATABASE = TestDatabase.fresh();

  @Test
  void a_plan_that_is_made_while_nothing_waits_goes_by_the_index() throws SQLException {
    try (Connection connection = DATABASE.connect()) {
      DATABASE.update("vacuum analyze trunkline.ready");
      new ConnectionSetup().onConnectionCreate(connection);

      assertThat(Plan.generic(connection, ClaimSql.CLAIM).readers("ready"))
          .isNotEmpty()
          .extracting(node -> node.path("Node Type").asText())
          .doesNotContain("Seq Scan");
    }
  }

  /** As under a transaction that somebody holds open: what is gone stays in the table. */
  @Test
  void one_that_is_made_of_what_is_gone_reads_no_more_than_it_takes() throws SQLException {
    UUID worker = Tasks.worker(DATABASE, "w1");
    try (Connection holder = DATABASE.connect();
        Connection connection = DATABASE.connect()) {
      holder.setAutoCommit(false);
      holder.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      holder.createStatement().executeQuery("select 1").close();
      Tasks.in(DATABASE).many(30_000);
      DATABASE.update("analyze trunkline.ready");
      DATABASE.update("delete from trunkline.ready");
      DATABASE.update("analyze trunkline.ready");
      Tasks.in(DATABASE).many(30_000);
      new ConnectionSetup().onConnectionCreate(connection);

      goInOrder(
          Plan.of(
              connection,
              ClaimSql.CLAIM,
              statement -> ClaimSql.bind(statement, Claims.by(worker).request())));
      goInOrder(Plan.generic(connection, ClaimSql.CLAIM));
      goInOrder(
          Plan.of(
              connection,
              RemoteClaimSql.CLAIM,
              statement ->
                  RemoteClaimSql.bind(statement, RemoteClaims.ofQueue("default").request())));
      goInOrder(Plan.generic(connection, RemoteClaimSql.CLAIM));
    }
  }

  private static void goInOrder(Plan plan) {
    assertThat(plan.readers("ready"))
        .filteredOn(node -> node.toString().contains("due <= "))
        .isNotEmpty()
        .extracting(node -> node.path("Node Type").asText())
        .containsOnly("Index Scan");
  }
}
