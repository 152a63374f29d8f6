package dev.trunkline.api;

import static io.restassured.RestAssured.given;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import jakarta.inject.Inject;
import java.net.Socket;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import javax.sql.DataSource;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that do not wait for what they have asked to wait for. */
@QuarkusTest
@Timeout(60)
class LeavingResourceTest {

  private static final String TASKS = "/api/v1/tasks";
  private static final String LATER = "{\"type\":\"noop\",\"payload\":7,\"delay\":\"PT1H\"}";

  private static final String BEHIND_A_LOCK =
      """
      select count(*) from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock'
      """;

  @TestHTTPResource URL service;

  @Inject MeterRegistry meters;
  @Inject DataSource dataSource;

  @ParameterizedTest
  @ValueSource(strings = {"GET /api/v1/tasks/%s", "POST /api/v1/tasks"})
  void oneWhoGoesAwayIsNotWaitedFor(String request) throws Exception {
    String id = given().contentType(ContentType.JSON).body(LATER).post(TASKS).path("id");
    String line = request.formatted(id);
    for (int i = 0; i < 20; i++) {
      try (Socket _ = send(line, line.startsWith("POST") ? LATER : "")) {
        awaitWatched(1);
      }
      awaitWatched(0);
    }
  }

  @Test
  void norIsOneWhoGoesAwayBeforeTheTaskIsStored() throws Exception {
    long before = count("select count(*) from trunkline.task");
    try (Connection other = dataSource.getConnection();
        Statement lock = other.createStatement()) {
      other.setAutoCommit(false);
      lock.execute("lock table trunkline.task in share mode");
      double connections;
      try (Socket _ = send("POST " + TASKS, LATER)) {
        await().until(() -> count(BEHIND_A_LOCK) > 0);
        connections = connections();
      }
      await().until(() -> connections() < connections);
      other.rollback();
    }
    await().until(() -> count("select count(*) from trunkline.task") > before);
    await().during(Duration.ofSeconds(1)).until(() -> watched() == 0);
  }

  private Socket send(String line, String body) throws Exception {
    Socket socket = new Socket(service.getHost(), service.getPort());
    String head =
        "%s HTTP/1.1\r\nHost: here\r\nPrefer: wait=50\r\nContent-Type: application/json\r\n"
            .formatted(line);
    String whole = head + "Content-Length: " + body.length() + "\r\n\r\n" + body;
    socket.getOutputStream().write(whole.getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  private double connections() {
    return meters.get("http.server.connections").longTaskTimer().activeTasks();
  }

  private long count(String query) throws SQLException {
    try (Connection connection = dataSource.getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      rows.next();
      return rows.getLong(1);
    }
  }

  private double watched() {
    return meters.get("trunkline.watched.tasks").gauge().value();
  }

  private void awaitWatched(int tasks) {
    await().until(() -> watched() == tasks);
  }

  private static ConditionFactory await() {
    return Awaitility.await().atMost(Duration.ofSeconds(20)).pollInterval(Duration.ofMillis(10));
  }
}
