package dev.trunkline.api;

import static io.restassured.RestAssured.given;
import static io.restassured.RestAssured.when;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.startsWith;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

@QuarkusTest
class OperationsResourceTest {

  @Inject DataSource dataSource;

  @Test
  void inATransactionNoStatementAndNoLockIsWaitedForWithoutEnd() {
    QuarkusTransaction.requiringNew().run(this::assertLimits);
  }

  private void assertLimits() {
    try (Connection connection = dataSource.getConnection();
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "select current_setting('statement_timeout'), current_setting('lock_timeout')")) {
      row.next();
      assertThat(row.getString(1)).isEqualTo("15s");
      assertThat(row.getString(2)).isEqualTo("2s");
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void healthIsUpInAllThreeKinds() {
    for (String kind : List.of("live", "ready", "started")) {
      when().get("/q/health/" + kind).then().statusCode(200).body("status", equalTo("UP"));
    }
  }

  @Test
  void theTypesAreListedWithTheirSchemasAndDefaults() {
    when()
        .get("/api/v1/task-types")
        .then()
        .statusCode(200)
        .body("items.name", hasItems("chess.analyze", "echo", "noop", "web.wordcount"))
        .body("items.find { it.name == 'echo' }.available", equalTo(true))
        .body(
            "items.find { it.name == 'echo' }.payloadSchema.'$schema'",
            equalTo("https://json-schema.org/draft/2020-12/schema"))
        .body("items.find { it.name == 'echo' }.payloadSchema.required", hasItems("text", "time"))
        .body("items.find { it.name == 'echo' }.payloadSchema.properties.time.minimum", equalTo(1))
        .body("items.find { it.name == 'echo' }.defaults.queue", equalTo("default"));
  }

  @Test
  void theMetricsThatAnOperatorNeedsAreThere() {
    given()
        .contentType("application/json")
        .body("{\"type\":\"noop\",\"payload\":1}")
        .post("/api/v1/tasks")
        .then()
        .statusCode(202);
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () ->
                assertThat(when().get("/q/metrics").asString())
                    .contains(
                        "trunkline_tasks{queue=\"default\",state=\"queued\"}",
                        "trunkline_queue_oldest_due_age_seconds{queue=\"default\"}",
                        "trunkline_claim_seconds_count",
                        "trunkline_finish_seconds_count",
                        "trunkline_task_wait_seconds_count",
                        "trunkline_attempts_total{outcome=\"succeeded\"",
                        "trunkline_leases_lost_total",
                        "trunkline_attempts_running",
                        "trunkline_attempts_ahead",
                        "trunkline_claims_direct_total"));
  }

  @Test
  void whatComesToAnIdleProcessIsClaimedByItsSubmission() {
    double before = directClaims();

    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .until(
            () -> {
              given()
                  .contentType("application/json")
                  .body("{\"type\":\"noop\",\"payload\":1}")
                  .post("/api/v1/tasks");
              return directClaims() > before;
            });
  }

  private static double directClaims() {
    return when()
        .get("/q/metrics")
        .asString()
        .lines()
        .filter(line -> line.startsWith("trunkline_claims_direct_total "))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
        .sum();
  }

  @Test
  void theDocumentCanBeTriedOutInSwaggerUi() {
    when()
        .get("/q/swagger-ui/")
        .then()
        .statusCode(200)
        .contentType("text/html")
        .body(containsString("/q/openapi"));
    when().get("/q/swagger-ui/swagger-ui-bundle.js").then().statusCode(200);
  }

  @Test
  void theDocumentIsOpenApi31AndNamesEveryEndpoint() {
    when()
        .get("/q/openapi?format=json")
        .then()
        .statusCode(200)
        .body("openapi", startsWith("3.1"))
        .body(
            "paths.keySet()",
            hasItems(
                "/api/v1/tasks",
                "/api/v1/tasks/{id}",
                "/api/v1/tasks/{id}/attempts",
                "/api/v1/task-types",
                "/analyze",
                "/analysis",
                "/producer",
                "/wordcount",
                "/wordcount/{id}"));
  }
}
