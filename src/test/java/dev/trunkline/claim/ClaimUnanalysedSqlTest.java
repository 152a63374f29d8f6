package dev.trunkline.claim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trunkline.database.ConnectionSetup;
import dev.trunkline.database.Plan;
import dev.trunkline.database.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
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
}
