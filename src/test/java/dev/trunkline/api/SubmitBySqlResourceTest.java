package dev.trunkline.api;

import static io.restassured.RestAssured.given;
import static io.restassured.RestAssured.when;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.UUID;
import javax.sql.DataSource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
class SubmitBySqlResourceTest {

  private static final String TASKS = "/api/v1/tasks";

  @Inject DataSource dataSource;

  @BeforeEach
  void awaitTheAnnouncement() {
    Awaitility.await()
        .ignoreExceptions()
        .until(() -> submit("type => 'echo', payload => '{\"text\":\"x\",\"time\":1}'") != null);
  }

  @Test
  void aTaskSubmittedBySqlRunsLikeAnyOther() throws SQLException {
    String id = submit("type => 'echo', payload => '{\"text\": \"hi\", \"time\": 1}'");

    awaitState(id, "succeeded");
    when()
        .get(TASKS + "/" + id)
        .then()
        .body("result.lines[0]", equalTo("hi"))
        .body("maxAttempts", equalTo(5))
        .body("timeout", equalTo("PT40M"));
  }

  @Test
  void inAQueueThatIsNewToo() throws SQLException {
    String queue = "new-" + UUID.randomUUID();
    String id = submit("type => 'noop', payload => '[1]', queue => '" + queue + "', wake => false");

    awaitState(id, "succeeded");
  }

  @Test
  void whatTheTypeDoesNotAllowIsRejectedWhenItRuns() throws SQLException {
    String id = submit("type => 'echo', payload => '{\"text\": \"hi\", \"time\": 0}'");

    awaitState(id, "failed");
    when()
        .get(TASKS + "/" + id)
        .then()
        .body("attempt", equalTo(1))
        .body("error.type", equalTo("rejected"))
        .body("error.message", containsString("time"));
  }

  @Test
  void aKeyUsedOverHttpIsKnownToSqlAndTheOtherWayRound() throws SQLException {
    String key = UUID.randomUUID().toString();
    String overHttp =
        given()
            .contentType(ContentType.JSON)
            .header("Idempotency-Key", "\"" + key + "\"")
            .body(
                "{\"type\":\"noop\",\"payload\":{\"b\":[1.0,2],\"a\":\"\\u00e9\"},"
                    + "\"delay\":\"PT1H30M\",\"tags\":[\"t\"]}")
            .post(TASKS)
            .then()
            .statusCode(202)
            .extract()
            .path("id");

    assertThat(
            submit(
                "type => 'noop', payload => '{\"a\": \"é\", \"b\": [1.0, 2]}', delay => '90 min',"
                    + " tags => '{t}', idempotency_key => '"
                    + key
                    + "'"))
        .isEqualTo(overHttp);

    String back = UUID.randomUUID().toString();
    String bySql = submit("type => 'noop', payload => '7', idempotency_key => '" + back + "'");
    given()
        .contentType(ContentType.JSON)
        .header("Idempotency-Key", back)
        .body("{\"payload\":7,\"type\":\"noop\"}")
        .post(TASKS)
        .then()
        .statusCode(202)
        .header("Idempotency-Replayed", "true")
        .body("id", equalTo(bySql));
    given()
        .contentType(ContentType.JSON)
        .header("Idempotency-Key", back)
        .body("{\"payload\":8,\"type\":\"noop\"}")
        .post(TASKS)
        .then()
        .statusCode(422)
        .body("type", equalTo("/problems/idempotency-key-reused"));
  }

  private String submit(String options) throws SQLException {
    try (Connection connection = dataSource.getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("select trunkline.submit(" + options + ")")) {
      row.next();
      return row.getString(1);
    }
  }

  private static void awaitState(String id, String state) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(15))
        .until(() -> when().get(TASKS + "/" + id).then().extract().path("state").equals(state));
  }
}
