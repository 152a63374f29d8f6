package dev.trunkline.callback;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trunkline.database.Load;
import dev.trunkline.database.Plan;
import dev.trunkline.database.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeliveryPlanSqlTest {

  private static final TestDatabase DATABASE = told();

  @ParameterizedTest
  @CsvSource({"FIND, callback_delivery_pkey", "LIST, callback_delivery_task_id"})
  void deliveries_are_found_by_an_index(String name, String index) throws SQLException {
    String sql = name.equals("FIND") ? DeliverySql.FIND : DeliverySql.LIST;
    try (Connection connection = DATABASE.connect()) {
      Plan bound = Plan.of(connection, sql, statement -> statement.setObject(1, UUID.randomUUID()));
      for (Plan plan : new Plan[] {bound, Plan.generic(connection, sql)}) {
        assertThat(plan.readers("callback_delivery"))
            .singleElement()
            .satisfies(node -> assertThat(node.path("Index Name").asText()).isEqualTo(index));
      }
    }
  }

  @Test
  void the_tasks_that_deliver_are_found_by_their_key() throws SQLException {
    try (Connection connection = DATABASE.connect()) {
      assertThat(Plan.generic(connection, DeliverySql.LIST).readers("task"))
          .isNotEmpty()
          .extracting((JsonNode node) -> node.path("Index Name").asText())
          .containsOnly("task_pkey");
    }
  }

  private static TestDatabase told() {
    TestDatabase database = Load.loaded();
    database.update(
        """
        update trunkline.task set callback_url = 'https://a.example/'
        where id in (select id from trunkline.task where state = 'open' limit 20000)
        """);
    database.update(
        """
        update trunkline.task set state = 'cancelled', finished_at = clock_timestamp()
        where callback_url is not null
        """);
    database.update("vacuum analyze");
    return database;
  }
}
