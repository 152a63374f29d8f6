package dev.trunkline.api;

import static io.restassured.RestAssured.given;
import static io.restassured.RestAssured.when;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.trunkline.outbound.RawServer;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Callbacks: each sentence of the contract that is about them. */
@QuarkusTest
class CallbacksResourceTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String TRACEPARENT =
      "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

  @Test
  void onAFinalStateTheTaskIsPostedSignedByTheStandardWebhooksRules() throws Exception {
    String secret = Callbacks.secret();
    try (RawServer receiver = RawServer.saying(Callbacks.OK)) {
      String id = Callbacks.submit("noop", "{\"a\":1.50}", receiver.url("127.0.0.1", "/hook?x=y"));
      Callbacks.until(() -> assertThat(receiver.bodies()).hasSize(1));

      List<String> head = receiver.heads().getFirst();
      String body = receiver.bodies().getFirst();
      assertThat(head).contains("POST /hook?x=y HTTP/1.1", "Content-Type: application/json");
      assertThat(JSON.readTree(body))
          .isEqualTo(JSON.readTree(when().get(Callbacks.TASKS + id).asString()));
      assertThat(body).contains("\"state\":\"succeeded\"");
      assertThat(Callbacks.header(head, "webhook-id")).doesNotContain(".").contains(id);
      assertThat(Instant.ofEpochSecond(Long.parseLong(Callbacks.header(head, "webhook-timestamp"))))
          .isBetween(Instant.now().minusSeconds(60), Instant.now().plusSeconds(60));
      assertThat(Callbacks.signatures(receiver)).isEqualTo(Callbacks.expected(secret, receiver));
    }
  }

  @Test
  void theDeliveryIsADurableTaskOfItsOwnWithRetries() throws Exception {
    AtomicInteger calls = new AtomicInteger();
    try (RawServer receiver =
        RawServer.on(
            (head, out) ->
                out.write(
                    (calls.incrementAndGet() < 3 ? Callbacks.BUSY : Callbacks.OK)
                        .getBytes(StandardCharsets.UTF_8)))) {
      String id = Callbacks.submit("noop", "1", Callbacks.url(receiver));
      Callbacks.until(() -> Callbacks.of(id).then().body("items[0].state", equalTo("succeeded")));

      assertThat(receiver.bodies()).hasSize(3).containsOnly(receiver.bodies().getFirst());
      assertThat(
              receiver.heads().stream()
                  .map(head -> Callbacks.header(head, "webhook-id"))
                  .distinct())
          .hasSize(1);
      String delivery = Callbacks.of(id).path("items[0].id");
      when()
          .get(Callbacks.TASKS + delivery)
          .then()
          .body("type", equalTo("callback.deliver"))
          .body("queue", equalTo("callbacks"))
          .body("attempt", equalTo(3))
          .body("maxAttempts", equalTo(30))
          .body("result.status", equalTo(204));
      when()
          .get(Callbacks.TASKS + delivery + "/attempts")
          .then()
          .body("items.outcome", contains("failed", "failed", "succeeded"))
          .body("items[0].error.message", equalTo("the receiver answered with status 503"));
    }
  }

  @Test
  void aTaskThatFailsIsToldOfToo() throws Exception {
    try (RawServer receiver = RawServer.saying(Callbacks.OK)) {
      Callbacks.submit(
          "web.wordcount", "{\"url\":\"http://169.254.169.254/\"}", Callbacks.url(receiver));
      Callbacks.until(() -> assertThat(receiver.bodies()).hasSize(1));

      assertThat(receiver.bodies().getFirst()).contains("\"state\":\"failed\"", "rejected");
    }
  }

  @Test
  void aCancelledTaskIsToldOfAtOnce() throws Exception {
    try (RawServer receiver = RawServer.saying(Callbacks.OK)) {
      String id =
          Callbacks.submit(
                  "{\"type\":\"noop\",\"payload\":1,\"delay\":\"PT1H\",\"callback\":{\"url\":\"%s\"}}"
                      .formatted(Callbacks.url(receiver)))
              .path("id");
      Callbacks.of(id).then().statusCode(200).body("items", hasSize(0));
      given().post(Callbacks.TASKS + id + "/cancel").then().statusCode(200);
      Callbacks.until(() -> assertThat(receiver.bodies()).hasSize(1));

      assertThat(receiver.bodies().getFirst()).contains("\"state\":\"cancelled\"");
    }
  }

  @Test
  void anExpiredTaskIsToldOfToo() throws Exception {
    try (RawServer receiver = RawServer.saying(Callbacks.OK)) {
      Callbacks.submit(
          ("{\"type\":\"noop\",\"payload\":1,\"delay\":\"PT1H\","
                  + "\"expiresAt\":\"2001-01-01T00:00:00Z\",\"callback\":{\"url\":\"%s\"}}")
              .formatted(Callbacks.url(receiver)));
      Callbacks.until(() -> assertThat(receiver.bodies()).hasSize(1));

      assertThat(receiver.bodies().getFirst()).contains("\"state\":\"failed\"", "expired");
    }
  }

  @Test
  void deliveriesAreVisible() throws Exception {
    try (RawServer receiver =
        RawServer.saying("HTTP/1.1 500 X\r\nRetry-After: 3600\r\nContent-Length: 0\r\n\r\n")) {
      String url = Callbacks.url(receiver);
      String id = Callbacks.submit("noop", "1", url);
      Callbacks.until(() -> Callbacks.of(id).then().body("items[0].attempt", equalTo(2)));

      Callbacks.of(id)
          .then()
          .body("items", hasSize(1))
          .body("items[0].id", notNullValue())
          .body("items[0].webhookId", startsWith("msg_" + id))
          .body("items[0].url", equalTo(url))
          .body("items[0].state", equalTo("scheduled"))
          .body("items[0].maxAttempts", equalTo(30))
          .body("items[0].error.type", equalTo("handler-failed"))
          .body("items[0].error.message", equalTo("the receiver answered with status 500"))
          .body("items[0].finishedAt", nullValue());
      // An hour, as the receiver has asked.
      assertThat(Instant.parse(Callbacks.of(id).path("items[0].runAt")))
          .isAfter(Instant.now().plus(Duration.ofMinutes(50)));
    }
  }

  @Test
  void aDeliveryIsRedeliverable() throws Exception {
    try (RawServer receiver = RawServer.saying(Callbacks.OK)) {
      String id = Callbacks.submit("noop", "1", Callbacks.url(receiver));
      Callbacks.until(() -> Callbacks.of(id).then().body("items[0].state", equalTo("succeeded")));

      String again =
          given()
              .post(Callbacks.TASKS + id + "/callbacks/redeliver")
              .then()
              .statusCode(202)
              .header("Location", startsWith(Callbacks.TASKS))
              .body("type", equalTo("callback.deliver"))
              .extract()
              .path("id");
      Callbacks.until(() -> assertThat(receiver.bodies()).hasSize(2));

      Callbacks.of(id).then().body("items", hasSize(2)).body("items[0].id", equalTo(again));
      assertThat(receiver.bodies().getLast()).isEqualTo(receiver.bodies().getFirst());
      assertThat(Callbacks.header(receiver.heads().getLast(), "webhook-id"))
          .isEqualTo(Callbacks.header(receiver.heads().getFirst(), "webhook-id"));
    }
  }

  @Test
  void whatCannotBeRedeliveredIsRefused() {
    String silent = Callbacks.submit("{\"type\":\"noop\",\"payload\":1}").path("id");
    Callbacks.until(
        () -> when().get(Callbacks.TASKS + silent).then().body("state", equalTo("succeeded")));
    String open =
        Callbacks.submit(
                "{\"type\":\"noop\",\"payload\":1,\"delay\":\"PT1H\","
                    + "\"callback\":{\"url\":\"https://client.example/\"}}")
            .path("id");

    redeliver(silent, 409, "/problems/no-callback");
    redeliver(open, 409, "/problems/wrong-state");
    redeliver("nonsense", 404, "/problems/no-such-task");
    when().get(Callbacks.TASKS + "nonsense/callbacks").then().statusCode(404);
  }

  @Test
  void aTaskThatIsRetriedBeforeItsCallbackWasDeliveredIsToldOfInItsNewState() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    AtomicInteger calls = new AtomicInteger();
    try (RawServer receiver =
        RawServer.on(
            (head, out) -> {
              if (calls.incrementAndGet() == 1) {
                release.await();
                out.write(
                    "HTTP/1.1 503 X\r\nRetry-After: 0\r\nContent-Length: 0\r\n\r\n"
                        .getBytes(StandardCharsets.UTF_8));
              } else {
                out.write(Callbacks.OK.getBytes(StandardCharsets.UTF_8));
              }
            })) {
      String id =
          Callbacks.submit(
                  "{\"type\":\"noop\",\"payload\":1,\"delay\":\"PT1H\",\"callback\":{\"url\":\"%s\"}}"
                      .formatted(Callbacks.url(receiver)))
              .path("id");
      given().post(Callbacks.TASKS + id + "/cancel").then().statusCode(200);
      Callbacks.until(() -> assertThat(receiver.bodies()).hasSize(1));
      given().post(Callbacks.TASKS + id + "/retry").then().statusCode(202);
      Callbacks.until(
          () -> when().get(Callbacks.TASKS + id).then().body("state", equalTo("succeeded")));
      release.countDown();
      Callbacks.until(
          () -> Callbacks.of(id).then().body("items.state", contains("succeeded", "failed")));

      Callbacks.of(id).then().body("items[1].error.message", containsString("was retried"));
      assertThat(receiver.bodies()).hasSize(2);
      assertThat(receiver.bodies().getLast()).contains("\"state\":\"succeeded\"");
    }
  }

  @Test
  void aTaskThatEndsAgainAfterARetryIsToldOfAgainUnderAnotherName() throws Exception {
    try (RawServer receiver = RawServer.saying(Callbacks.OK)) {
      String id = Callbacks.submitForLater(Callbacks.url(receiver));
      given().post(Callbacks.TASKS + id + "/cancel").then().statusCode(200);
      Callbacks.until(() -> assertThat(receiver.bodies()).hasSize(1));
      given().post(Callbacks.TASKS + id + "/retry").then().statusCode(202);
      Callbacks.until(() -> assertThat(receiver.bodies()).hasSize(2));

      assertThat(receiver.bodies().getLast()).contains("\"state\":\"succeeded\"");
      assertThat(Callbacks.header(receiver.heads().getLast(), "webhook-id"))
          .isNotEqualTo(Callbacks.header(receiver.heads().getFirst(), "webhook-id"));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "complete|{\"result\":[1]}|succeeded",
        "fail|{\"message\":\"no\",\"retry\":false}|failed",
      })
  void aTaskThatIsRunOutsideOfTheServiceIsToldOfToo(String verb, String body, String state)
      throws Exception {
    String type = "t" + UUID.randomUUID();
    Callbacks.post("/api/v1/leases", "{\"types\":[\"%s\"]}".formatted(type)).then().statusCode(200);
    try (RawServer receiver = RawServer.saying(Callbacks.OK)) {
      Callbacks.submit(type, "1", Callbacks.url(receiver));
      String token =
          Callbacks.post(
                  "/api/v1/leases", "{\"types\":[\"%s\"],\"wait\":\"PT10S\"}".formatted(type))
              .path("leases[0].token");
      Callbacks.post("/api/v1/leases/" + token + "/" + verb, body).then().statusCode(200);
      Callbacks.until(() -> assertThat(receiver.bodies()).hasSize(1));

      assertThat(receiver.bodies().getFirst()).contains("\"state\":\"" + state + "\"");
    }
  }

  @Test
  void theSubmittersTraceGoesOnToTheReceiver() throws Exception {
    try (RawServer receiver = RawServer.saying(Callbacks.OK)) {
      given()
          .contentType(ContentType.JSON)
          .header("traceparent", TRACEPARENT)
          .body(
              "{\"type\":\"noop\",\"payload\":1,\"callback\":{\"url\":\"%s\"}}"
                  .formatted(Callbacks.url(receiver)))
          .post("/api/v1/tasks")
          .then()
          .statusCode(202);
      Callbacks.until(() -> assertThat(receiver.heads()).hasSize(1));

      assertThat(receiver.heads().getFirst()).contains("traceparent: " + TRACEPARENT);
    }
  }

  @Test
  void aTraceThatCannotBeSentOnKeepsNoCallbackBack() throws Exception {
    try (RawServer receiver = RawServer.saying(Callbacks.OK)) {
      given()
          .contentType(ContentType.JSON)
          .header("traceparent", TRACEPARENT.replaceFirst("00", "01") + "-" + "x".repeat(9_000))
          .body(
              "{\"type\":\"noop\",\"payload\":1,\"callback\":{\"url\":\"%s\"}}"
                  .formatted(Callbacks.url(receiver)))
          .post("/api/v1/tasks")
          .then()
          .statusCode(202);
      Callbacks.until(() -> assertThat(receiver.heads()).hasSize(1));

      assertThat(receiver.heads().getFirst()).doesNotContain("traceparent: 01");
    }
  }

  @Test
  void listsHaveDeliveriesOnlyWhereTheirTypeOrQueueIsAskedFor() throws Exception {
    try (RawServer receiver = RawServer.saying(Callbacks.OK)) {
      String id = Callbacks.submit("noop", "1", Callbacks.url(receiver));
      Callbacks.until(() -> Callbacks.of(id).then().body("items[0].state", equalTo("succeeded")));
      String delivery = Callbacks.of(id).path("items[0].id");

      when()
          .get("/api/v1/tasks")
          .then()
          .body("items.id", hasItem(id))
          .body("items.id", not(hasItem(delivery)));
      when()
          .get("/api/v1/tasks?state=succeeded")
          .then()
          .body("items.id", hasItem(id))
          .body("items.id", not(hasItem(delivery)));
      when().get("/api/v1/tasks?type=callback.deliver").then().body("items.id", hasItem(delivery));
      when().get("/api/v1/tasks?queue=callbacks").then().body("items.id", hasItem(delivery));
    }
  }

  @Test
  void aDeletedTaskIsNotToldOf() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    try (RawServer receiver =
        RawServer.on(
            (head, out) -> {
              release.await();
              out.write(
                  "HTTP/1.1 503 X\r\nRetry-After: 0\r\nContent-Length: 0\r\n\r\n"
                      .getBytes(StandardCharsets.UTF_8));
            })) {
      String id = Callbacks.submit("noop", "1", Callbacks.url(receiver));
      Callbacks.until(() -> assertThat(receiver.bodies()).hasSize(1));
      String delivery = Callbacks.of(id).path("items[0].id");
      given().delete(Callbacks.TASKS + id).then().statusCode(204);
      release.countDown();

      Callbacks.until(
          () -> when().get(Callbacks.TASKS + delivery).then().body("state", equalTo("failed")));
      when()
          .get(Callbacks.TASKS + delivery)
          .then()
          .body("error.message", containsString("was deleted"));
      assertThat(receiver.bodies()).hasSize(1);
    }
  }

  @Test
  void aDeletedTaskTakesItsEndedDeliveriesWithIt() throws Exception {
    try (RawServer receiver = RawServer.saying(Callbacks.OK)) {
      String id = Callbacks.submit("noop", "1", Callbacks.url(receiver));
      Callbacks.until(() -> Callbacks.of(id).then().body("items[0].state", equalTo("succeeded")));
      String delivery = Callbacks.of(id).path("items[0].id");
      given().delete(Callbacks.TASKS + id).then().statusCode(204);

      when().get(Callbacks.TASKS + delivery).then().statusCode(404);
      Callbacks.of(id).then().statusCode(404);
    }
  }

  @Test
  void theDocumentSaysWhatReceiversGet() {
    String call =
        "paths.'/api/v1/tasks'.post.callbacks.taskIsFinal.'{$request.body#/callback/url}'.post.";
    when()
        .get("/q/openapi?format=json")
        .then()
        .body(
            call + "parameters.name",
            contains("webhook-id", "webhook-timestamp", "webhook-signature"))
        .body(
            call + "requestBody.content.'application/json'.schema.'$ref'",
            equalTo("#/components/schemas/Task"))
        .body(call + "responses.keySet()", hasItems("2XX", "410"));
  }

  private static void redeliver(String id, int status, String type) {
    given()
        .post(Callbacks.TASKS + id + "/callbacks/redeliver")
        .then()
        .statusCode(status)
        .body("type", equalTo(type));
  }
}
