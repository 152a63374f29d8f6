package dev.trunkline.api;

import static io.restassured.RestAssured.given;
import static io.restassured.RestAssured.when;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.path.json.JsonPath;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Section 1 of the contract, sentence by sentence. Leases are the worker here. */
@QuarkusTest
class TheTaskResourceTest {

  private static final String TASKS = "/api/v1/tasks";
  private static final List<String> FIELDS =
      List.of(
          "id",
          "type",
          "queue",
          "state",
          "priority",
          "tags",
          "payload",
          "result",
          "error",
          "progress",
          "attempt",
          "maxAttempts",
          "timeout",
          "runAt",
          "createdAt",
          "startedAt",
          "finishedAt",
          "expiresAt",
          "worker",
          "traceparent");

  /** Of this test alone, since all share one database. */
  private final String type = "t" + UUID.randomUUID();

  @Test
  void aTaskHasAllItsFieldsInEveryState() {
    announce();
    String id = submit("\"payload\":1,\"delay\":\"PT1H\"");
    assertHasAllFields(task(id), "scheduled");
    cancel(id);
    assertHasAllFields(task(id), "cancelled");
    id = submit("\"payload\":1");
    assertHasAllFields(task(id), "queued");
    String token = lease();
    assertHasAllFields(task(id), "running");
    end(token, "complete", "{\"result\":{\"a\":1}}");
    assertHasAllFields(task(id), "succeeded");
    id = submit("\"payload\":1,\"maxAttempts\":1");
    end(lease(), "fail", "{\"message\":\"no\"}");
    assertHasAllFields(task(id), "failed");
  }

  @Test
  void idsAreUuidsOfVersion7TimesAreUtcAndDurationsIso() {
    announce();
    String id =
        submit("\"payload\":1,\"timeout\":\"PT90S\",\"runAt\":\"2090-01-31T12:00:00+02:00\"");
    JsonPath task = task(id);
    assertThat(UUID.fromString(id).version()).isEqualTo(7);
    assertThat(task.getString("createdAt")).endsWith("Z");
    assertThat(Instant.parse(task.getString("createdAt")))
        .isBeforeOrEqualTo(Instant.now().plusSeconds(5));
    assertThat(task.getString("runAt")).isEqualTo("2090-01-31T10:00:00Z");
    assertThat(task.getString("timeout")).isEqualTo("PT1M30S");
  }

  @Test
  void scheduledIsDueLaterDelayedOrWaitingForItsNextAttempt() {
    announce();
    String id = submit("\"payload\":1,\"delay\":\"PT0.5S\"");
    assertThat(task(id).getString("state")).isEqualTo("scheduled");
    Awaitility.await().until(() -> task(id).getString("state").equals("queued"));
    end(lease(), "fail", "{\"message\":\"not yet\",\"delay\":\"PT1H\"}");
    assertThat(task(id).getString("state")).isEqualTo("scheduled");
    assertThat(task(id).getInt("attempt")).isEqualTo(2);
  }

  @Test
  void succeededMeansThatTheResultIsThere() {
    announce();
    String id = submit("\"payload\":1");
    end(lease(), "complete", "{\"result\":{\"lines\":[\"a\"]}}");
    assertThat(task(id).getString("state")).isEqualTo("succeeded");
    assertThat(task(id).getMap("result")).isEqualTo(Map.of("lines", List.of("a")));
    assertThat(task(id).<Object>get("error")).isNull();
  }

  @Test
  void failedIsExhaustedRejectedForGoodOrExpiredAndErrorSaysWhy() {
    announce();
    String exhausted = submit("\"payload\":1,\"maxAttempts\":1");
    end(lease(), "fail", "{\"message\":\"no luck\"}");
    assertError(exhausted, "handler-failed", "no luck");
    String rejected = submit("\"payload\":1,\"maxAttempts\":5");
    end(lease(), "fail", "{\"message\":\"never\",\"retry\":false}");
    assertError(rejected, "rejected", "never");
    String expired = submit("\"payload\":1,\"expiresAt\":\"2020-01-01T00:00:00Z\"");
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> task(expired).getString("state").equals("failed"));
    assertThat(task(expired).getString("error.type")).isEqualTo("expired");
  }

  @Test
  void theTypeOfAnErrorIsAStableNameAndNoClass() {
    String id =
        given()
            .contentType(ContentType.JSON)
            .body(
                "{\"type\":\"web.wordcount\",\"maxAttempts\":1,"
                    + "\"payload\":{\"url\":\"http://no-such-host.invalid/\"}}")
            .post(TASKS)
            .path("id");
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> task(id).getString("state").equals("failed"));
    assertThat(task(id).getString("error.type")).matches("[a-z]+(-[a-z]+)*");
    assertThat(task(id).getString("error.message"))
        .doesNotContainPattern("\\b(java|io|dev|org)\\.[a-z]+\\.|Exception");
  }

  @Test
  void everyAttemptIsListed() {
    announce();
    String id = submit("\"payload\":1");
    end(lease(), "fail", "{\"message\":\"first\",\"delay\":\"PT0S\"}");
    String token = lease();
    JsonPath attempts = when().get(TASKS + "/" + id + "/attempts").then().extract().jsonPath();
    assertThat(attempts.getList("items.number")).isEqualTo(List.of(1, 2));
    assertThat(attempts.getList("items.outcome")).isEqualTo(List.of("failed", "running"));
    assertThat(attempts.getString("items[0].error.message")).isEqualTo("first");
    assertThat(attempts.getString("items[0].worker")).isEqualTo("w");
    assertThat(Instant.parse(attempts.getString("items[0].started")))
        .isBeforeOrEqualTo(Instant.parse(attempts.getString("items[0].finished")));
    assertThat(attempts.<Object>get("items[1].finished")).isNull();
    end(token, "complete", "{\"result\":1}");
    assertThat(when().get(TASKS + "/" + id + "/attempts").jsonPath().getList("items.outcome"))
        .isEqualTo(List.of("failed", "succeeded"));
  }

  @Test
  void priorityIsFromZeroToNineSmallerFirstFiveWhereItIsLeftOutAndThenTheOlderRunAt() {
    announce();
    String nine = submit("\"payload\":1,\"priority\":9");
    String five = submit("\"payload\":1");
    String alsoFive = submit("\"payload\":1,\"priority\":5");
    String zero = submit("\"payload\":1,\"priority\":0");
    assertThat(task(five).getInt("priority")).isEqualTo(5);
    List<String> leased = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      leased.add(leaseAnswer().getString("leases[0].task.id"));
    }
    assertThat(leased).containsExactly(zero, five, alsoFive, nine);
  }

  @Test
  void aFinalStateChangesOnlyByAnExplicitRetry() {
    announce();
    String id = submit("\"payload\":1,\"maxAttempts\":1");
    String token = lease();
    end(token, "fail", "{\"message\":\"no\"}");
    Object before = task(id).get("$");
    for (String call : List.of("complete", "fail", "release", "heartbeat")) {
      given()
          .contentType(ContentType.JSON)
          .body(
              call.equals("complete")
                  ? "{\"result\":1}"
                  : call.equals("fail") ? "{\"message\":\"x\"}" : "{}")
          .post("/api/v1/leases/" + token + "/" + call);
    }
    when().post(TASKS + "/" + id + "/cancel").then().statusCode(409);
    assertThat(task(id).<Object>get("$")).isEqualTo(before);
    when().post(TASKS + "/" + id + "/retry").then().statusCode(202);
    assertThat(task(id).getString("state")).isEqualTo("queued");
  }

  private static void assertHasAllFields(JsonPath task, String state) {
    assertThat(task.getString("state")).isEqualTo(state);
    assertThat(List.copyOf(task.<String, Object>getMap("$").keySet())).isEqualTo(FIELDS);
  }

  private static void assertError(String id, String type, String message) {
    JsonPath task = task(id);
    assertThat(task.getString("state")).isEqualTo("failed");
    assertThat(task.getMap("error").keySet())
        .extracting(Object::toString)
        .containsExactlyInAnyOrder("type", "message", "attempt", "at");
    assertThat(task.getString("error.type")).isEqualTo(type);
    assertThat(task.getString("error.message")).isEqualTo(message);
    assertThat(task.getInt("error.attempt")).isEqualTo(1);
  }

  private void announce() {
    leaseAnswer();
  }

  private String lease() {
    return leaseAnswer().getString("leases[0].token");
  }

  private JsonPath leaseAnswer() {
    return given()
        .contentType(ContentType.JSON)
        .body("{\"types\":[\"" + type + "\"],\"worker\":\"w\"}")
        .post("/api/v1/leases")
        .then()
        .statusCode(200)
        .extract()
        .jsonPath();
  }

  private static void end(String token, String how, String body) {
    given()
        .contentType(ContentType.JSON)
        .body(body)
        .post("/api/v1/leases/" + token + "/" + how)
        .then()
        .statusCode(200);
  }

  private static void cancel(String id) {
    when().post(TASKS + "/" + id + "/cancel").then().statusCode(200);
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

  private static JsonPath task(String id) {
    return when().get(TASKS + "/" + id).then().statusCode(200).extract().jsonPath();
  }
}
