package dev.trunkline.api;

import static io.restassured.RestAssured.given;
import static io.restassured.RestAssured.when;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.anEmptyMap;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.lessThanOrEqualTo;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import dev.trunkline.task.TasksReady;
import io.quarkus.arc.Arc;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
class QueuesResourceTest {

  private static final String QUEUES = "/api/v1/queues";
  private static final String TASKS = "/api/v1/tasks/";

  @Inject Ears ears;

  private final String queue = "q-" + UUID.randomUUID();

  @Test
  void whileAQueueIsPausedNothingStartsAndAfterwardsItDoes() {
    awaitState(submit("{\"type\":\"noop\",\"payload\":0}"), "succeeded");
    when()
        .post(QUEUES + "/" + queue + "/pause")
        .then()
        .statusCode(200)
        .body("name", equalTo(queue))
        .body("paused", equalTo(true))
        .body("pausedAt", notNullValue());
    String id = submit("{\"type\":\"noop\",\"payload\":1}");
    // Of another queue, so that the dispatcher has turned meanwhile.
    String other = submitTo("default", "{\"type\":\"noop\",\"payload\":1}");
    awaitState(other, "succeeded");

    when()
        .get(TASKS + id + "/explain")
        .then()
        .statusCode(200)
        .body("state", equalTo("queued"))
        .body("reason", equalTo("queue-paused"))
        .body("queuePausedAt", notNullValue())
        .body("detail", matchesPattern("Its queue " + queue + " is paused since .*"));
    when()
        .get(QUEUES + "/" + queue)
        .then()
        .statusCode(200)
        .body("depth.queued", equalTo(1))
        .body("oldestDueAge", matchesPattern("PT.*S"));

    when()
        .post(QUEUES + "/" + queue + "/resume")
        .then()
        .statusCode(200)
        .body("paused", equalTo(false))
        .body("pausedAt", nullValue());
    awaitState(id, "succeeded");
  }

  @Test
  void pausingAndResumingTwiceIsAsOnce() {
    submit("{\"type\":\"noop\",\"payload\":0}");

    String since = when().post(QUEUES + "/" + queue + "/pause").then().extract().path("pausedAt");
    when()
        .post(QUEUES + "/" + queue + "/pause")
        .then()
        .statusCode(200)
        .body("pausedAt", equalTo(since));
    when().post(QUEUES + "/" + queue + "/resume").then().statusCode(200);
    when().post(QUEUES + "/" + queue + "/resume").then().statusCode(200);
  }

  @Test
  void theQueuesAreListedWithDepthAgeThroughputAndWorkers() {
    submit("{\"type\":\"noop\",\"payload\":0,\"delay\":\"PT1H\"}");

    when()
        .get(QUEUES + "?limit=500")
        .then()
        .statusCode(200)
        .body("next", nullValue())
        .body("items.name", hasItems("default", queue))
        .body("items.find { it.name == '" + queue + "' }.depth.scheduled", equalTo(1))
        .body("items.find { it.name == '" + queue + "' }.oldestDueAge", nullValue())
        .body("items.throughput", everyItem(hasKey("attempts")))
        .body("items.throughput.window", everyItem(equalTo("PT1M")))
        .body("items.workers", everyItem(greaterThanOrEqualTo(1)))
        .body("items.countedAt", everyItem(notNullValue()));
  }

  @Test
  void whatHasEndedShowsInTheThroughput() {
    awaitState(submit("{\"type\":\"noop\",\"payload\":0}"), "succeeded");

    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () ->
                when()
                    .get(QUEUES + "/" + queue)
                    .then()
                    .body("throughput.succeeded", equalTo(1))
                    .body("throughput.attempts", equalTo(1)));
  }

  @Test
  void aQueueThatIsNotThereIsNotFound() {
    for (String name : new String[] {"nowhere", "No%20Name", "%00", "-x", "a".repeat(101)}) {
      given()
          .urlEncodingEnabled(false)
          .get(QUEUES + "/" + name)
          .then()
          .statusCode(404)
          .contentType("application/problem+json")
          .body("type", equalTo("/problems/no-such-queue"));
      given()
          .urlEncodingEnabled(false)
          .post(QUEUES + "/" + name + "/resume")
          .then()
          .statusCode(404);
    }
    given().urlEncodingEnabled(false).post(QUEUES + "/No%20Name/pause").then().statusCode(404);
  }

  @Test
  void aQueueIsANameAndCanBePausedBeforeItsFirstTask() {
    when().get(QUEUES + "/" + queue).then().statusCode(404);
    when()
        .post(QUEUES + "/" + queue + "/pause")
        .then()
        .statusCode(200)
        .body("paused", equalTo(true))
        .body("depth.queued", equalTo(0));
    when().get(QUEUES + "/" + queue).then().statusCode(200).body("paused", equalTo(true));
  }

  @Test
  void aPausedQueueGivesNoLeasesAndGoesOnForThoseWhoWait() throws Exception {
    when().post(QUEUES + "/" + queue + "/pause").then().statusCode(200);
    String type = "t" + queue;
    lease("{\"types\":[\"" + type + "\"]}").then().body("leases", hasSize(0));
    String id = submit("{\"type\":\"" + type + "\",\"payload\":1}");
    lease("{\"types\":[\"" + type + "\"]}").then().body("leases", hasSize(0));
    when().get(TASKS + id + "/explain").then().body("reason", equalTo("queue-paused"));

    CompletableFuture<Response> waiting =
        CompletableFuture.supplyAsync(
            () -> lease("{\"types\":[\"" + type + "\"],\"wait\":\"PT20S\"}"));
    when().post(QUEUES + "/" + queue + "/resume").then().statusCode(200);

    assertThat(ears.heardAt()).contains(QUEUES + "/" + queue + "/resume");
    waiting.get(10, TimeUnit.SECONDS).then().body("leases.task.id", equalTo(List.of(id)));
  }

  @Test
  void theListGoesOnByItsCursor() {
    for (String name : List.of("a", "b", "c")) {
      when().post(QUEUES + "/" + queue + name + "/pause").then().statusCode(200);
    }
    List<String> names = new ArrayList<>();
    String path = QUEUES + "?limit=2";
    while (path != null) {
      Response page = given().urlEncodingEnabled(false).get(path);
      page.then().statusCode(200).body("items.size()", lessThanOrEqualTo(2));
      names.addAll(page.path("items.name"));
      String link = page.header("Link");
      assertThat(link == null).isEqualTo(page.path("next") == null);
      path = link == null ? null : link.replaceFirst("<(.*)>; rel=\"next\"", "$1");
      assertThat(link == null || path.contains("cursor=" + page.path("next"))).isTrue();
    }
    assertThat(names)
        .isSorted()
        .doesNotHaveDuplicates()
        .contains(queue + "a", queue + "b", queue + "c");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"limit=0", "limit=501", "limit=x", "cursor=nonsense", "cursor=d2E", "lim=1"})
  void aQueryThatCannotBeIsRefused(String query) {
    when()
        .get(QUEUES + "?" + query)
        .then()
        .statusCode(400)
        .contentType("application/problem+json")
        .body("type", equalTo("/problems/malformed-request"));
  }

  @Test
  void theWorkersAreListedWithWhatTheyCanDoAndWhatTheyRun() {
    String id = submit("{\"type\":\"echo\",\"payload\":{\"text\":\"x\",\"time\":500}}");
    awaitState(id, "running");

    when()
        .get("/api/v1/workers?limit=500")
        .then()
        .statusCode(200)
        .rootPath("items.find { it.kind == 'process' }")
        .body("id", notNullValue())
        .body("name", notNullValue())
        .body("startedAt", notNullValue())
        .body("heartbeatAt", notNullValue())
        .body("expiresAt", notNullValue())
        .body("types", hasItems("echo", "noop"))
        .body("queues", nullValue())
        .body("capacity", equalTo(100))
        .body("capacityByQueue.chess", greaterThanOrEqualTo(1))
        .body("tasks", hasItem(id))
        .body("running", greaterThanOrEqualTo(1));
    when()
        .get(TASKS + id + "/explain")
        .then()
        .body("reason", equalTo("running"))
        .body("worker", notNullValue())
        .body("startedAt", notNullValue());
    when().post(TASKS + id + "/cancel");
  }

  @Test
  void whoWorksOverHttpIsListedToo() {
    String type = "t" + queue;
    String worker = "w-" + queue;
    lease("{\"types\":[\"" + type + "\"],\"worker\":\"" + worker + "\",\"max\":3}");
    String id = submit("{\"type\":\"" + type + "\",\"payload\":1}");
    lease("{\"types\":[\"" + type + "\"],\"worker\":\"" + worker + "\",\"max\":3}")
        .then()
        .body("leases", hasSize(1));

    Awaitility.await()
        .untilAsserted(
            () ->
                when()
                    .get("/api/v1/workers?limit=500")
                    .then()
                    .statusCode(200)
                    .rootPath("items.find { it.name == '" + worker + "' }")
                    .body("kind", equalTo("http"))
                    .body("id", nullValue())
                    .body("types", equalTo(List.of(type)))
                    .body("queues", nullValue())
                    .body("capacity", equalTo(3))
                    .body("capacityByQueue", anEmptyMap())
                    .body("heartbeatAt", notNullValue())
                    .body("running", equalTo(1))
                    .body("tasks", equalTo(List.of(id))));
    when()
        .get(TASKS + id + "/explain")
        .then()
        .body("reason", equalTo("running"))
        .body("worker", equalTo(worker));
    when().get(QUEUES + "/" + queue).then().body("depth.running", equalTo(1));
  }

  @Test
  void aTaskIsExplainedInEveryState() {
    String scheduled = submit("{\"type\":\"noop\",\"payload\":0,\"delay\":\"PT1H\"}");
    String due = when().get(TASKS + scheduled).then().extract().path("runAt");
    when()
        .get(TASKS + scheduled + "/explain")
        .then()
        .statusCode(200)
        .body("id", equalTo(scheduled))
        .body("reason", equalTo("scheduled"))
        .body("until", equalTo(due));
    String done = submit("{\"type\":\"noop\",\"payload\":0}");
    awaitState(done, "succeeded");
    when().get(TASKS + done + "/explain").then().body("reason", equalTo("succeeded"));
    when().get(TASKS + UUID.randomUUID() + "/explain").then().statusCode(404);
    when().get(TASKS + "nonsense/explain").then().statusCode(404);
  }

  /** Hears in which requests it was said that there is work. */
  @Singleton
  static class Ears {

    private final Set<String> paths = ConcurrentHashMap.newKeySet();
    private final CurrentVertxRequest request;

    Ears(CurrentVertxRequest request) {
      this.request = request;
    }

    void onReady(@Observes TasksReady ready) {
      if (ready.elsewhere() && Arc.container().requestContext().isActive()) {
        Optional.ofNullable(request.getCurrent())
            .ifPresent(context -> paths.add(context.request().path()));
      }
    }

    Set<String> heardAt() {
      return paths;
    }
  }

  private static void awaitState(String id, String state) {
    Awaitility.await()
        .until(() -> when().get(TASKS + id).then().extract().path("state").equals(state));
  }

  private static Response lease(String body) {
    return given().contentType(ContentType.JSON).body(body).post("/api/v1/leases");
  }

  private String submit(String body) {
    return submitTo(queue, body);
  }

  private static String submitTo(String queue, String body) {
    return given()
        .contentType(ContentType.JSON)
        .body(body.replaceFirst("\\{", "{\"queue\":\"" + queue + "\","))
        .post("/api/v1/tasks")
        .then()
        .statusCode(202)
        .extract()
        .path("id");
  }
}
