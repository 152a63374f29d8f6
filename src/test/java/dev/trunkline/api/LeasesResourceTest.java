package dev.trunkline.api;

import static io.restassured.RestAssured.given;
import static io.restassured.RestAssured.when;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Working from any language: each sentence of the contract that is about it. */
@QuarkusTest
class LeasesResourceTest {

  private static final String TASKS = "/api/v1/tasks";
  private static final String LEASES = "/api/v1/leases";
  private static final String PROBLEM = "application/problem+json";

  /** Of this test alone, since all share one database. */
  private final String type = "t" + UUID.randomUUID();

  @Inject DataSource dataSource;

  @Test
  void aLeaseIsATokenWithItsTaskAndWhenItEnds() {
    announce();
    String id = submit("\"payload\":{\"a\":[1,2.50]},\"tags\":[\"x\"]");

    Response answer = lease("\"lease\":\"PT60S\",\"worker\":\"w-7\"");

    answer
        .then()
        .body("leases", hasSize(1))
        .body("leases[0].token", matchesPattern("[A-Za-z0-9_-]+"))
        .body("leases[0].task.id", equalTo(id))
        .body("leases[0].task.type", equalTo(type))
        .body("leases[0].task.state", equalTo("running"))
        .body("leases[0].task.payload.a[1]", equalTo(2.5f))
        .body("leases[0].task.attempt", equalTo(1))
        .body("leases[0].task.worker", equalTo("w-7"));
    Instant started = Instant.parse(answer.path("leases[0].task.startedAt"));
    assertThat(Instant.parse(answer.path("leases[0].expiresAt")))
        .isEqualTo(started.plusSeconds(60));
    // What was leased is what everybody sees.
    assertThat(answer.<Object>path("leases[0].task"))
        .isEqualTo(when().get(TASKS + "/" + id).path("$"));
    when()
        .get(TASKS + "/" + id + "/attempts")
        .then()
        .body("items", hasSize(1))
        .body("items[0].outcome", equalTo("running"))
        .body("items[0].worker", equalTo("w-7"));
  }

  @Test
  void aTaskThatIsLeasedIsLeasedToNobodyElse() {
    announce();
    submit("\"payload\":1");
    lease("").then().body("leases", hasSize(1));
    lease("").then().body("leases", hasSize(0));
  }

  @Test
  void maxIsHowManyAtMost() {
    announce();
    for (int i = 0; i < 3; i++) {
      submit("\"payload\":" + i);
    }
    lease("\"max\":2").then().body("leases.task.payload", equalTo(List.of(0, 1)));
    lease("\"max\":1000").then().body("leases.task.payload", equalTo(List.of(2)));
  }

  @Test
  void tasksOfAQueueAreLeasedWhateverTheirType() {
    announce();
    String queue = "q" + type;
    String mine = submit("\"payload\":1,\"queue\":\"" + queue + "\"");
    String builtIn =
        given()
            .contentType(ContentType.JSON)
            .body(
                "{\"type\":\"noop\",\"payload\":1,\"delay\":\"PT1H\",\"queue\":\"%s\"}"
                    .formatted(queue))
            .post(TASKS)
            .path("id");

    post(LEASES, "{\"queues\":[\"" + queue + "\"],\"max\":5}")
        .then()
        .statusCode(200)
        .body("leases.task.id", equalTo(List.of(mine)));
    assertThat(state(builtIn)).isEqualTo("scheduled");
  }

  @Test
  void itWaitsForWorkAndThenAnswersAtOnce() throws Exception {
    announce();
    CompletableFuture<Response> waiting =
        CompletableFuture.supplyAsync(() -> lease("\"wait\":\"PT20S\""));
    awaitPolls(1);

    String id = submit("\"payload\":1");

    waiting
        .get(15, TimeUnit.SECONDS)
        .then()
        .statusCode(200)
        .body("leases.task.id", equalTo(List.of(id)));
  }

  @Test
  void itWaitsForWorkThatBecomesDue() throws Exception {
    announce();
    String id = submit("\"payload\":1,\"delay\":\"PT0.5S\"");
    lease("\"wait\":\"PT20S\"").then().body("leases.task.id", equalTo(List.of(id)));
  }

  @Test
  void thenAnEmptyList() {
    long start = System.nanoTime();
    lease("\"wait\":\"PT0.5S\"").then().statusCode(200).body("leases", hasSize(0));
    assertThat(System.nanoTime() - start).isGreaterThan(Duration.ofMillis(490).toNanos());
    lease("").then().statusCode(200).body("leases", hasSize(0));
  }

  @Test
  void workSubmittedBySqlIsHeardOfToo() throws Exception {
    announce();
    CompletableFuture<Response> waiting =
        CompletableFuture.supplyAsync(() -> lease("\"wait\":\"PT20S\""));
    awaitPolls(1);

    String id = sql("select trunkline.submit(type => ?, payload => '1')::text", type);

    waiting.get(15, TimeUnit.SECONDS).then().body("leases.task.id", equalTo(List.of(id)));
  }

  @Test
  void askingAnnouncesTheTypes() throws Exception {
    given()
        .contentType(ContentType.JSON)
        .body("{\"type\":\"" + type + "\",\"payload\":1}")
        .post(TASKS)
        .then()
        .statusCode(422)
        .body("type", equalTo("/problems/unknown-type"));

    lease("");

    String id = submit("\"payload\":{\"any\":\"thing\"}");
    when()
        .get(TASKS + "/" + id)
        .then()
        .body("queue", equalTo("default"))
        .body("priority", equalTo(5))
        .body("maxAttempts", equalTo(5))
        .body("timeout", equalTo("PT10M"));
    assertThat(sql("select trunkline.submit(type => ?, payload => '1')::text", type)).isNotNull();
    when()
        .get("/api/v1/task-types")
        .then()
        .body("items.name", hasItem(type))
        .body("items.find { it.name == '" + type + "' }.payloadSchema", nullValue())
        .body("items.find { it.name == '" + type + "' }.defaults.queue", equalTo("default"));
  }

  @Test
  void anAnnouncementChangesNothingOfATypeThatIsKnown() throws Exception {
    String before =
        sql("select to_jsonb(t)::text from trunkline.task_type t where name = ?", "echo");
    post(LEASES, "{\"types\":[\"echo\"]}").then().statusCode(200);
    assertThat(sql("select to_jsonb(t)::text from trunkline.task_type t where name = ?", "echo"))
        .isEqualTo(before);
  }

  @Test
  void aHeartbeatTellsWhenTheLeaseEndsAndStoresTheProgress() {
    announce();
    String id = submit("\"payload\":1");
    String token = leased("\"lease\":\"PT5S\"");

    Response answer =
        post(
            LEASES + "/" + token + "/heartbeat",
            "{\"progress\":{\"percent\":40,\"message\":\"depth 12\"},\"lease\":\"PT50S\"}");

    answer.then().statusCode(200).body("cancelRequested", equalTo(false));
    Instant started = Instant.parse(when().get(TASKS + "/" + id).path("startedAt"));
    assertThat(Instant.parse(answer.path("expiresAt")))
        .isBetween(started.plusSeconds(50), started.plusSeconds(80));
    when()
        .get(TASKS + "/" + id)
        .then()
        .body("progress.percent", equalTo(40))
        .body("progress.message", equalTo("depth 12"));
    for (String nothing : List.of("", "{}")) {
      post(LEASES + "/" + token + "/heartbeat", nothing).then().statusCode(200);
    }
    given().post(LEASES + "/" + token + "/heartbeat").then().statusCode(200);
    when().get(TASKS + "/" + id).then().body("progress.percent", equalTo(40));
  }

  @Test
  void aHeartbeatTellsThatTheTaskIsToBeCancelled() {
    announce();
    String id = submit("\"payload\":1");
    String token = leased("");
    when().post(TASKS + "/" + id + "/cancel").then().statusCode(202);

    post(LEASES + "/" + token + "/heartbeat", "{}")
        .then()
        .statusCode(200)
        .body("cancelRequested", equalTo(true));
    post(LEASES + "/" + token + "/fail", "{\"message\":\"stopped\"}")
        .then()
        .statusCode(200)
        .body("state", equalTo("cancelled"));
  }

  @Test
  void completeAnswersTheTaskWithItsResult() {
    announce();
    String id = submit("\"payload\":1");
    String token = leased("");

    post(LEASES + "/" + token + "/complete", "{\"result\":{\"lines\":[\"a\",2.50]}}")
        .then()
        .statusCode(200)
        .body("id", equalTo(id))
        .body("state", equalTo("succeeded"))
        .body("result.lines[1]", equalTo(2.5f));
    when().get(TASKS + "/" + id).then().body("state", equalTo("succeeded"));
  }

  @Test
  void aResultMayBeNullButNotLeftOut() {
    announce();
    submit("\"payload\":1");
    String token = leased("");
    post(LEASES + "/" + token + "/complete", "{}")
        .then()
        .statusCode(422)
        .body("errors.pointer", hasItem("/result"));
    post(LEASES + "/" + token + "/complete", "{\"result\":null}")
        .then()
        .statusCode(200)
        .body("state", equalTo("succeeded"))
        .body("result", nullValue());
  }

  @Test
  void completingTwiceWithTheSameTokenIsAnsweredTheSameBothTimes() {
    announce();
    submit("\"payload\":1");
    String path = LEASES + "/" + leased("") + "/complete";
    Object first = post(path, "{\"result\":1}").then().statusCode(200).extract().path("$");
    Object second = post(path, "{\"result\":1}").then().statusCode(200).extract().path("$");
    assertThat(second).isEqualTo(first);
  }

  @Test
  void failHasTheTaskTriedAgain() {
    announce();
    String id = submit("\"payload\":1");
    String token = leased("");

    post(LEASES + "/" + token + "/fail", "{\"message\":\"no pixels\",\"delay\":\"PT1H\"}")
        .then()
        .statusCode(200)
        .body("state", equalTo("scheduled"))
        .body("attempt", equalTo(2))
        .body("error.type", equalTo("handler-failed"))
        .body("error.message", equalTo("no pixels"));
    assertThat(state(id)).isEqualTo("scheduled");
  }

  @Test
  void unlessRetryIsFalse() {
    announce();
    submit("\"payload\":1");
    String token = leased("");
    post(LEASES + "/" + token + "/fail", "{\"message\":\"never\",\"retry\":false}")
        .then()
        .statusCode(200)
        .body("state", equalTo("failed"))
        .body("error.type", equalTo("rejected"))
        .body("error.attempt", equalTo(1));
  }

  @Test
  void releaseGivesItBackAndCostsNoAttempt() {
    announce();
    String id = submit("\"payload\":1,\"maxAttempts\":1");
    String token = leased("");

    given()
        .post(LEASES + "/" + token + "/release")
        .then()
        .statusCode(200)
        .body("state", equalTo("queued"));
    lease("")
        .then()
        .body("leases[0].task.id", equalTo(id))
        .body("leases[0].task.attempt", equalTo(2));
    when()
        .get(TASKS + "/" + id + "/attempts")
        .then()
        .body("items.outcome", equalTo(List.of("released", "running")));
  }

  @Test
  void afterItIsLostNoCallWithItChangesAnything() {
    announce();
    String id = submit("\"payload\":1,\"maxAttempts\":9");
    String token = leased("\"lease\":\"PT1S\"");
    Awaitility.await().until(() -> state(id).equals("queued"));
    Object before = when().get(TASKS + "/" + id).path("$");

    for (String call :
        List.of(
            "heartbeat {\"progress\":{\"percent\":99}}",
            "complete {\"result\":1}",
            "fail {\"message\":\"late\"}",
            "release {}")) {
      post(
              LEASES + "/" + token + "/" + call.substring(0, call.indexOf(' ')),
              call.substring(call.indexOf(' ')))
          .then()
          .statusCode(409)
          .contentType(PROBLEM)
          .body("type", equalTo("/problems/lease-lost"));
    }

    assertThat(when().get(TASKS + "/" + id).<Object>path("$")).isEqualTo(before);
    when()
        .get(TASKS + "/" + id + "/attempts")
        .then()
        .body("items.outcome", equalTo(List.of("worker-lost")));
    lease("").then().body("leases[0].task.attempt", equalTo(2));
  }

  @Test
  void aLeaseEndsWithTheTimeoutOfItsTask() {
    announce();
    String id = submit("\"payload\":1,\"timeout\":\"PT1S\",\"maxAttempts\":1");
    lease("\"lease\":\"PT60S\"");
    Awaitility.await().until(() -> state(id).equals("failed"));
    when().get(TASKS + "/" + id).then().body("error.type", equalTo("timed-out"));
  }

  @Test
  void aFinishedTokenIsLost() {
    announce();
    submit("\"payload\":1");
    String token = leased("");
    post(LEASES + "/" + token + "/complete", "{\"result\":1}").then().statusCode(200);
    for (String call : List.of("heartbeat", "release")) {
      given()
          .post(LEASES + "/" + token + "/" + call)
          .then()
          .statusCode(409)
          .body("type", equalTo("/problems/lease-lost"));
    }
    post(LEASES + "/" + token + "/fail", "{\"message\":\"x\"}").then().statusCode(409);
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "0199d1c4-0000-7000-8000-000000000000", "%20", "AAAA", "%C3%A4"})
  void whatNeverWasATokenIsNotFound(String token) {
    given()
        .urlEncodingEnabled(false)
        .post(LEASES + "/" + token + "/release")
        .then()
        .statusCode(404)
        .contentType(PROBLEM)
        .body("type", equalTo("/problems/no-such-lease"));
  }

  @Test
  void manyAreCompletedAtOnceWithAnAnswerPerToken() {
    announce();
    for (int i = 0; i < 3; i++) {
      submit("\"payload\":" + i);
    }
    List<String> tokens = lease("\"max\":3").path("leases.token");
    given().post(LEASES + "/" + tokens.get(1) + "/release").then().statusCode(200);

    post(
            LEASES + "/complete",
            """
            {"completions":[{"token":"%s","result":"a"},{"token":"%s","result":"b"},
              {"token":"nonsense","result":null},{"token":"%s","result":null}]}
            """
                .formatted(tokens.get(0), tokens.get(1), tokens.get(2)))
        .then()
        .statusCode(200)
        .body("answers", hasSize(4))
        .body(
            "answers.token",
            equalTo(List.of(tokens.get(0), tokens.get(1), "nonsense", tokens.get(2))))
        .body("answers[0].task.state", equalTo("succeeded"))
        .body("answers[0].task.result", equalTo("a"))
        .body("answers[0].containsKey('problem')", equalTo(false))
        .body("answers[1].problem.type", equalTo("/problems/lease-lost"))
        .body("answers[1].problem.status", equalTo(409))
        .body("answers[1].containsKey('task')", equalTo(false))
        .body("answers[2].problem.type", equalTo("/problems/no-such-lease"))
        .body("answers[3].task.state", equalTo("succeeded"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{ | ''",
        "[] | ''",
        "{\"types\":\"a\"} | /types",
        "{\"types\":[\"a\"],\"worker\":7} | /worker",
        "{\"types\":[\"a\"],\"wiat\":\"PT1S\"} | /wiat",
        "{\"types\":[\"a\"],\"max\":\"1\"} | /max",
        "{\"types\":[\"a\"],\"max\":1.5} | /max",
      })
  void aRequestForWorkThatCannotBeReadIsRefusedWith400(String body, String pointer) {
    post(LEASES, body)
        .then()
        .statusCode(400)
        .contentType(PROBLEM)
        .body("type", equalTo("/problems/malformed-request"))
        .body("errors.pointer", hasItem(pointer));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | /types",
        "{\"types\":[]} | /types",
        "{\"queues\":[]} | /queues",
        "{\"types\":[\"a\"],\"queues\":[\"b\"]} | /queues",
        "{\"types\":[\"a\",\"No Such\"]} | /types/1",
        "{\"types\":[null]} | /types/0",
        "{\"queues\":[\"\"]} | /queues/0",
        "{\"types\":[\"a\"],\"max\":0} | /max",
        "{\"types\":[\"a\"],\"max\":1001} | /max",
        "{\"types\":[\"a\"],\"lease\":\"PT0.9S\"} | /lease",
        "{\"types\":[\"a\"],\"lease\":\"PT61M\"} | /lease",
        "{\"types\":[\"a\"],\"lease\":\"60\"} | /lease",
        "{\"types\":[\"a\"],\"wait\":\"PT-1S\"} | /wait",
        "{\"types\":[\"a\"],\"worker\":\"a b\"} | /worker",
        "{\"types\":[\"a\"],\"worker\":\"\"} | /worker",
      })
  void aRequestForWorkThatIsNotPossibleIsRefusedWith422(String body, String pointer) {
    post(LEASES, body)
        .then()
        .statusCode(422)
        .contentType(PROBLEM)
        .body("type", equalTo("/problems/validation-failed"))
        .body("errors.pointer", hasItem(pointer));
  }

  @Test
  void moreThanAHundredNamesAreRefused() {
    String names = "\"a\",".repeat(100) + "\"a\"";
    post(LEASES, "{\"types\":[" + names + "]}").then().statusCode(422);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "heartbeat | {\"progress\":{}} | /progress/percent | 422",
        "heartbeat | {\"progress\":{\"percent\":101}} | /progress/percent | 422",
        "heartbeat | {\"progress\":{\"percent\":-1}} | /progress/percent | 422",
        "heartbeat | {\"progress\":{\"percent\":4.5}} | /progress/percent | 400",
        "heartbeat | {\"progress\":{\"percent\":4,\"message\":\"a\\u0000\"}} | /progress/message |"
            + " 400",
        "heartbeat | {\"lease\":\"PT2H\"} | /lease | 422",
        "heartbeat | {\"leases\":\"PT2S\"} | /leases | 400",
        "complete | {\"result\":\"a\\u0000b\"} | /result | 400",
        "complete | {\"result\":1e999999} | /result | 422",
        "complete | {\"resutl\":1} | /resutl | 400",
        "fail | {} | /message | 422",
        "fail | {\"message\":7} | /message | 400",
        "fail | {\"message\":\"m\",\"retry\":\"yes\"} | /retry | 400",
        "fail | {\"message\":\"m\",\"delay\":\"PT-1S\"} | /delay | 422",
        "fail | {\"message\":\"m\",\"retry\":false,\"delay\":\"PT1S\"} | /delay | 422",
      })
  void whatIsSaidWronglyOfALeaseIsRefusedAndTheLeaseStays(
      String call, String body, String pointer, int status) {
    announce();
    submit("\"payload\":1");
    String token = leased("");
    post(LEASES + "/" + token + "/" + call, body)
        .then()
        .statusCode(status)
        .contentType(PROBLEM)
        .body("errors.pointer", hasItem(pointer));
    post(LEASES + "/" + token + "/complete", "{\"result\":1}").then().statusCode(200);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | /completions | 422",
        "{\"completions\":[]} | /completions | 422",
        "{\"completions\":[null]} | /completions/0 | 422",
        "{\"completions\":[{\"token\":\"x\"}]} | /completions/0/result | 422",
        "{\"completions\":[{\"token\":\"x\",\"result\":1},{\"result\":1}]} | /completions/1/token |"
            + " 422",
        "{\"completions\":{}} | /completions | 400",
      })
  void completionsThatAreNoneAreRefused(String body, String pointer, int status) {
    post(LEASES + "/complete", body)
        .then()
        .statusCode(status)
        .body("errors.pointer", hasItem(pointer));
  }

  @Test
  void aPollWhoseClientGoesAwayIsForgotten() throws Exception {
    announce();
    CompletableFuture<Response> answer =
        CompletableFuture.supplyAsync(
            () ->
                given()
                    .config(impatient())
                    .contentType(ContentType.JSON)
                    .body("{\"types\":[\"" + type + "\"],\"wait\":\"PT60S\"}")
                    .post(LEASES));
    awaitPolls(1);
    assertThat(answer).failsWithin(Duration.ofSeconds(20));
    awaitPolls(0);

    String id = submit("\"payload\":1");
    lease("\"wait\":\"PT20S\"").then().body("leases.task.id", equalTo(List.of(id)));
  }

  private static io.restassured.config.RestAssuredConfig impatient() {
    return io.restassured.config.RestAssuredConfig.config()
        .httpClient(
            io.restassured.config.HttpClientConfig.httpClientConfig()
                .setParam("http.socket.timeout", 2_000));
  }

  private static void awaitPolls(int count) {
    Awaitility.await()
        .until(
            () ->
                when()
                    .get("/q/metrics")
                    .asString()
                    .contains("trunkline_leases_waiting " + count + ".0"));
  }

  private void announce() {
    lease("").then().statusCode(200).body("leases", hasSize(0));
  }

  /** Asks for this test's type, with some fields more. */
  private Response lease(String fields) {
    String more = fields.isEmpty() ? "" : "," + fields;
    Response answer = post(LEASES, "{\"types\":[\"" + type + "\"]" + more + "}");
    answer.then().statusCode(200);
    return answer;
  }

  private String leased(String fields) {
    ValidatableResponse answer = lease(fields).then().body("leases", hasSize(1));
    return answer.extract().path("leases[0].token");
  }

  private String submit(String fields) {
    return given()
        .contentType(ContentType.JSON)
        .body("{\"type\":\"" + type + "\"," + fields + "}")
        .post(TASKS)
        .then()
        .statusCode(202)
        .extract()
        .path("id");
  }

  private static String state(String id) {
    return when().get(TASKS + "/" + id).path("state");
  }

  private static Response post(String path, String body) {
    return given().contentType(ContentType.JSON).body(body).post(path);
  }

  private String sql(String query, String parameter) throws SQLException {
    try (Connection connection = dataSource.getConnection();
        PreparedStatement statement = connection.prepareStatement(query)) {
      statement.setString(1, parameter);
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return row.getString(1);
      }
    }
  }
}
