package dev.trunkline.api;

import static io.restassured.RestAssured.given;
import static io.restassured.RestAssured.when;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@Timeout(60)
class WaitingResourceTest {

  private static final String TASKS = "/api/v1/tasks";
  private static final String NOOP = "{\"type\":\"noop\",\"payload\":7}";
  private static final String LATER = "{\"type\":\"noop\",\"payload\":7,\"delay\":\"PT1H\"}";

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  @Inject MeterRegistry meters;
  @Inject DataSource dataSource;

  @AfterEach
  void nobodyWaitsAnyMore() {
    threads.shutdownNow();
    awaitWatched(0);
  }

  @Test
  void aSubmissionThatWaitsIsAnswered200WithTheFinishedTaskIfItFinishesInTime() {
    ValidatableResponse answer =
        submit(NOOP, "wait=30")
            .then()
            .statusCode(200)
            .contentType(ContentType.JSON)
            .header("Preference-Applied", "wait=30")
            .header("Retry-After", nullValue())
            .body("state", equalTo("succeeded"))
            .body("result", equalTo(7));
    String id = answer.extract().path("id");
    answer.header("Location", TASKS + "/" + id).header("Content-Location", TASKS + "/" + id);
    when()
        .get(TASKS + "/" + id)
        .then()
        .header("ETag", answer.extract().header("ETag"))
        .body(equalTo(answer.extract().asString()));
  }

  @Test
  void aTaskLooksTheSameWhoeverReadsItAndWhateverItHolds() {
    String id =
        given()
            .header("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")
            .contentType(ContentType.JSON)
            .body(
                "{\"type\":\"noop\",\"payload\":{\"b\":[1.50,null],\"a\":\"ä\\n"
                    + "\"},\"queue\":\"reports\","
                    + "\"priority\":2,\"tags\":[\"a,b\",\"\\\"c\\\"\",\"{d}\"],\"maxAttempts\":7,"
                    + "\"timeout\":\"PT25H1M30.5S\",\"expiresAt\":\"2091-01-01T00:00:00.000001Z\","
                    + "\"runAt\":\"2090-01-31T12:00:00+02:00\"}")
            .post(TASKS)
            .path("id");

    String cancelled = given().post(TASKS + "/" + id + "/cancel").asString();

    assertThat(cancelled).contains("\\\"c\\\"", "25H1M30.5S", "4bf92f", "1.50", "00.000001Z");
    assertThat(look(id, "").asString()).isEqualTo(cancelled);
  }

  @Test
  void aSubmissionThatWaitsIsAnswered202IfItDoesNotFinishInTime() {
    submit(LATER, "wait=1")
        .then()
        .statusCode(202)
        .header("Preference-Applied", "wait=1")
        .header("Location", notNullValue())
        .header("Retry-After", notNullValue())
        .body("state", equalTo("scheduled"));
  }

  @Test
  void oneThatWaitsNotAtAllIsAnswered202AtOnce() {
    submit(NOOP, "wait=0")
        .then()
        .statusCode(202)
        .header("Preference-Applied", "wait=0")
        .body("state", equalTo("queued"));
    submit(NOOP, "respond-async").then().statusCode(202).header("Preference-Applied", nullValue());
  }

  @Test
  void aReplayedSubmissionWaitsAsWell() throws Exception {
    String key = UUID.randomUUID().toString();
    String id =
        given()
            .header("Idempotency-Key", key)
            .contentType(ContentType.JSON)
            .body(LATER)
            .post(TASKS)
            .path("id");
    Future<Response> waiting =
        threads.submit(
            () ->
                given()
                    .header("Idempotency-Key", key)
                    .header("Prefer", "wait=50")
                    .contentType(ContentType.JSON)
                    .body(LATER)
                    .post(TASKS));
    awaitWatched(1);
    cancel(id);

    waiting
        .get()
        .then()
        .statusCode(200)
        .header("Idempotency-Replayed", "true")
        .header("Preference-Applied", "wait=50")
        .body("id", equalTo(id))
        .body("state", equalTo("cancelled"));
  }

  @Test
  void aReplayOfOneThatIsFinalIs200WhereItMayWaitAnd202WhereNot() {
    String key = UUID.randomUUID().toString();
    given()
        .header("Idempotency-Key", key)
        .header("Prefer", "wait=30")
        .contentType(ContentType.JSON)
        .body(NOOP)
        .post(TASKS)
        .then()
        .statusCode(200);

    given()
        .header("Idempotency-Key", key)
        .header("Prefer", "wait=0")
        .contentType(ContentType.JSON)
        .body(NOOP)
        .post(TASKS)
        .then()
        .statusCode(200)
        .header("Idempotency-Replayed", "true");
    given()
        .header("Idempotency-Key", key)
        .contentType(ContentType.JSON)
        .body(NOOP)
        .post(TASKS)
        .then()
        .statusCode(202)
        .header("Idempotency-Replayed", "true")
        .body("state", equalTo("succeeded"));
  }

  @Test
  void aLookThatWaitsIsAnsweredAsSoonAsTheTaskIsFinal() throws Exception {
    String id = submit(LATER, "").path("id");
    Future<Response> waiting = threads.submit(() -> look(id, "respond-async, wait=50"));
    awaitWatched(1);
    cancel(id);

    waiting
        .get()
        .then()
        .statusCode(200)
        .header("Preference-Applied", "wait=50")
        .header("Retry-After", nullValue())
        .header("ETag", notNullValue())
        .body("state", equalTo("cancelled"));
  }

  @Test
  void aLookThatWaitsIsAnsweredWithThePresentStateWhenTheTimeIsOver() {
    String id = submit(LATER, "").path("id");
    long start = System.nanoTime();

    look(id, "wait=1")
        .then()
        .statusCode(200)
        .header("Preference-Applied", "wait=1")
        .header("Retry-After", notNullValue())
        .body("state", equalTo("scheduled"));
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(950));
  }

  @Test
  void oneWhoWouldWaitLongerThanAllowedWaitsAsLongAsIsAllowed() {
    String id =
        submit(NOOP, "wait=999999")
            .then()
            .header("Preference-Applied", "wait=60")
            .extract()
            .path("id");
    look(id, "wait=99999999999999").then().statusCode(200).header("Preference-Applied", "wait=60");
  }

  @ParameterizedTest
  @ValueSource(strings = {"wait=soon", "wait", "wait=-1", "wait=\"1", "return=minimal", "=,;\""})
  void aPreferenceThatCannotBeFollowedIsIgnored(String prefer) {
    String id =
        submit(LATER, prefer)
            .then()
            .statusCode(202)
            .header("Preference-Applied", nullValue())
            .extract()
            .path("id");
    look(id, prefer).then().statusCode(200).header("Preference-Applied", nullValue());
  }

  @Test
  void preferencesMayComeInSeveralHeaders() {
    given()
        .header("Prefer", "return=minimal", "wait=30")
        .contentType(ContentType.JSON)
        .body(NOOP)
        .post(TASKS)
        .then()
        .statusCode(200)
        .header("Preference-Applied", "wait=30");
  }

  @Test
  void nobodyWaitsForATaskThatThereIsNot() {
    look(UUID.randomUUID().toString(), "wait=50")
        .then()
        .statusCode(404)
        .contentType("application/problem+json");
    look("nonsense", "wait=50").then().statusCode(404);
  }

  @Test
  void whoWaitsForATaskThatIsDeletedMeanwhileIsToldSo() throws Exception {
    String id = submit(LATER, "").path("id");
    Future<Response> waiting = threads.submit(() -> look(id, "wait=50"));
    awaitWatched(1);
    delete(id);

    waiting.get().then().statusCode(404).body("type", equalTo("/problems/no-such-task"));
  }

  @Test
  void theTagOfATaskIsStrongAndStaysAsLongAsNothingChanges() {
    String id = submit(LATER, "").path("id");
    Response first = look(id, "");

    assertThat(first.header("ETag")).matches("\"[A-Za-z0-9_-]{22}\"");
    first.then().header("Cache-Control", "no-cache").header("Vary", "Prefer");
    assertThat(look(id, "").header("ETag")).isEqualTo(first.header("ETag"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"%s", "W/%s", "\"x,y\", %s", "*"})
  void whoHasTheTaskAlreadyIsAnswered304(String ifNoneMatch) {
    String id = submit(LATER, "").path("id");
    String tag = look(id, "").header("ETag");

    given()
        .header("If-None-Match", ifNoneMatch.formatted(tag))
        .get(TASKS + "/" + id)
        .then()
        .statusCode(304)
        .header("ETag", tag)
        .header("Cache-Control", "no-cache")
        .header("Vary", "Prefer")
        .header("Retry-After", notNullValue())
        .header("Content-Length", nullValue())
        .body(equalTo(""));
  }

  @Test
  void whoHasAnOlderStateOfItIsAnsweredWithTheNewOne() {
    String id = submit(LATER, "").path("id");
    String tag = look(id, "").header("ETag");
    cancel(id);

    String newTag =
        given()
            .header("If-None-Match", tag)
            .get(TASKS + "/" + id)
            .then()
            .statusCode(200)
            .header("ETag", not(equalTo(tag)))
            .body("state", equalTo("cancelled"))
            .extract()
            .header("ETag");
    given()
        .header("If-None-Match", "\"x\"", newTag)
        .get(TASKS + "/" + id)
        .then()
        .statusCode(304)
        .header("Retry-After", nullValue());
  }

  @Test
  void theTagChangesWhenTheTimeHasComeAndWithEveryProgress() {
    String id =
        submit("{\"type\":\"echo\",\"payload\":{\"text\":\"x\",\"time\":8},\"delay\":\"PT1S\"}", "")
            .path("id");
    Map<String, Set<String>> tags = new HashMap<>();
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(20))
        .until(
            () -> {
              Response now = look(id, "");
              tags.computeIfAbsent(now.asString(), body -> new HashSet<>()).add(now.header("ETag"));
              return now.path("state").equals("succeeded");
            });

    assertThat(tags.values()).allSatisfy(same -> assertThat(same).hasSize(1));
    assertThat(tags.values().stream().distinct().count()).isEqualTo(tags.size()).isGreaterThan(3);
  }

  @Test
  void waitingComesFirstAndTheTagIsComparedWithWhatWouldBeAnswered() throws Exception {
    String id = submit(LATER, "").path("id");
    String tag = look(id, "").header("ETag");
    Future<Response> waiting =
        threads.submit(
            () ->
                given()
                    .header("Prefer", "wait=50")
                    .header("If-None-Match", tag)
                    .get(TASKS + "/" + id));
    awaitWatched(1);
    cancel(id);

    waiting.get().then().statusCode(200).body("state", equalTo("cancelled"));
    given()
        .header("Prefer", "wait=50")
        .header("If-None-Match", "*")
        .get(TASKS + "/" + id)
        .then()
        .statusCode(304)
        .header("Preference-Applied", "wait=50");
  }

  private static Response submit(String body, String prefer) {
    return given().header("Prefer", prefer).contentType(ContentType.JSON).body(body).post(TASKS);
  }

  private static Response look(String id, String prefer) {
    return given().header("Prefer", prefer).get(TASKS + "/" + id);
  }

  private static void cancel(String id) {
    given().post(TASKS + "/" + id + "/cancel").then().statusCode(200);
  }

  /** As the retention does. */
  private void delete(String id) throws SQLException {
    try (Connection connection = dataSource.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("delete from trunkline.ready where task_id = '" + id + "'");
      statement.execute("delete from trunkline.task where id = '" + id + "'");
    }
  }

  private void awaitWatched(int tasks) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(10))
        .until(() -> meters.get("trunkline.watched.tasks").gauge().value() == tasks);
  }
}
