package dev.trunkline.api;

import static io.restassured.RestAssured.given;
import static io.restassured.RestAssured.when;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.trunkline.inspect.TaskReader;
import dev.trunkline.inspect.TaskSnapshot;
import dev.trunkline.it.EventSource;
import dev.trunkline.it.EventSource.Message;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.subscription.BackPressureStrategy;
import io.vertx.core.http.HttpServerResponse;
import jakarta.inject.Inject;
import jakarta.ws.rs.sse.OutboundSseEvent;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.jboss.resteasy.reactive.server.jaxrs.SseImpl;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@Timeout(90)
class TaskEventsResourceTest {

  private static final String TASKS = "/api/v1/tasks/";
  private static final String LATER = "{\"type\":\"noop\",\"payload\":7,\"delay\":\"PT1H\"}";
  private static final String ECHO =
      "{\"type\":\"echo\",\"payload\":{\"text\":\"hi\",\"time\":%d}}";

  @TestHTTPResource("/")
  URI root;

  @Inject MeterRegistry meters;
  @Inject ObjectMapper mapper;
  @Inject EventStreams streams;
  @Inject TaskReader tasks;

  @AfterEach
  void noStreamIsLeftOpen() {
    awaitGauge("trunkline.streams", 0);
    awaitGauge("trunkline.watched.tasks", 0);
  }

  @Test
  void theFirstEventIsThePresentStateAndItsDataTheTask() throws IOException {
    String id = submit(LATER);
    try (EventSource events = open(id, "")) {
      Message first = events.next().orElseThrow();

      assertThat(events.status()).isEqualTo(200);
      assertThat(events.header("Content-Type").orElseThrow()).startsWith("text/event-stream");
      assertThat(events.header("Cache-Control")).contains("no-cache");
      assertThat(events.header("X-Accel-Buffering")).contains("no");
      assertThat(first.event()).isEqualTo("state");
      assertThat(first.data()).isEqualTo(when().get(TASKS + id).asString());
      assertThat(state(first)).isEqualTo("scheduled");
      assertThat(Long.parseLong(events.retry())).isBetween(1_000L, 3_000L);
    }
  }

  @Test
  void statesAndProgressFollowAndTheStreamEndsAfterTheFinalState() throws IOException {
    String id = submit(ECHO.formatted(8));
    List<Message> messages = new ArrayList<>();
    try (EventSource events = open(id, "")) {
      messages.addAll(events.rest());
    }

    assertThat(messages.getFirst().event()).isEqualTo("state");
    Message last = messages.getLast();
    assertThat(last.event()).isEqualTo("state");
    assertThat(last.data()).isEqualTo(when().get(TASKS + id).asString());
    assertThat(mapper.readTree(last.data()).get("state").asText()).isEqualTo("succeeded");
    assertThat(messages).extracting(Message::id).doesNotHaveDuplicates();
    assertThat(messages).extracting(Message::event).contains("progress");
    assertEachStateOnce(messages);
    int percent = 0;
    for (Message message : messages) {
      JsonNode progress = mapper.readTree(message.data()).get("progress");
      assertThat(progress.path("percent").asInt()).isGreaterThanOrEqualTo(percent);
      percent = progress.path("percent").asInt();
    }
  }

  @Test
  void whoComesBackWithTheLastIdIsSentNothingThatHeHasSeenAndWhatHeHasMissed() throws IOException {
    String id = submit(LATER);
    Message first;
    try (EventSource events = open(id, "")) {
      first = events.next().orElseThrow();
    }
    try (EventSource again = open(id, first.id())) {
      assertThat(again.comment()).isEqualTo(id);
      cancel(id);
      List<Message> rest = again.rest();
      assertThat(rest).extracting(Message::event).containsExactly("state");
      assertThat(state(rest.getFirst())).isEqualTo("cancelled");
    }
    try (EventSource late = open(id, first.id())) {
      assertThat(late.rest()).singleElement().extracting(Message::event).isEqualTo("state");
    }
  }

  @Test
  void progressThatWasMissedIsSentAsProgress() throws IOException {
    String id = submit(ECHO.formatted(1_000));
    Message running;
    try (EventSource events = open(id, "")) {
      running = next(events, "running");
    }
    awaitOtherTag(id, running.data());
    try (EventSource again = open(id, running.id())) {
      assertThat(again.next().orElseThrow().event()).isEqualTo("progress");
    } finally {
      given().post(TASKS + id + "/cancel");
    }
  }

  @Test
  void whoHasSeenTheEndIsAnswered204SoThatHeStopsComingBack() {
    String id = submit(LATER);
    cancel(id);
    Message last;
    try (EventSource events = open(id, "")) {
      last = events.next().orElseThrow();
      assertThat(last.event()).isEqualTo("state");
      assertThat(events.rest()).isEmpty();
    }
    given()
        .header("Last-Event-ID", last.id())
        .accept("text/event-stream")
        .get(TASKS + id + "/events")
        .then()
        .statusCode(204)
        .body(equalTo(""));
  }

  @Test
  void whoHasSeenTheEndOfATaskThatWasRetriedIsSentWhatFollows() throws IOException {
    String id = submit(LATER);
    cancel(id);
    Message last;
    try (EventSource events = open(id, "")) {
      last = events.next().orElseThrow();
    }
    given().post(TASKS + id + "/retry").then().statusCode(202);
    try (EventSource again = open(id, last.id())) {
      List<Message> rest = again.rest();
      assertThat(rest.getFirst().event()).isEqualTo("state");
      assertThat(state(rest.getLast())).isEqualTo("succeeded");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"17", "abc.def", "scheduled-1", "\"; drop", "."})
  void anIdThatIsNoneOfItsOwnMeansThatNothingWasSeen(String lastEventId) {
    String id = submit(LATER);
    try (EventSource events = open(id, lastEventId)) {
      assertThat(events.next().orElseThrow().event()).isEqualTo("state");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"xyz", "0199d1c4-0000-7000-8000-000000000000"})
  void anUnknownOrMalformedIdIs404BeforeAnyStreamBegins(String id) {
    given()
        .accept("text/event-stream")
        .get(TASKS + id + "/events")
        .then()
        .statusCode(404)
        .contentType("application/problem+json")
        .body("type", equalTo("/problems/no-such-task"));
  }

  @Test
  void whoDoesNotAcceptAnEventStreamIsAnswered406() {
    String id = submit(LATER);
    given()
        .accept(ContentType.JSON)
        .get(TASKS + id + "/events")
        .then()
        .statusCode(406)
        .contentType("application/problem+json");
  }

  @Test
  void aHeadOfAStreamIsOverAtOnce() {
    given().head(TASKS + submit(LATER) + "/events").then().statusCode(200);
  }

  @Test
  void severalWatchersOfOneTaskAreAllTold() {
    String id = submit(LATER);
    List<EventSource> all = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      all.add(open(id, ""));
    }
    awaitGauge("trunkline.streams", 20);
    awaitGauge("trunkline.watched.tasks", 1);
    cancel(id);

    for (EventSource events : all) {
      assertThat(events.rest()).extracting(Message::event).containsExactly("state", "state");
      events.close();
    }
  }

  @Test
  void aClientThatGoesAwayIsForgotten() {
    EventSource events = open(submit(LATER), "");
    events.next();
    awaitGauge("trunkline.streams", 1);

    events.close();

    awaitGauge("trunkline.streams", 0);
  }

  @Test
  void aClientThatIsGoneWithTheFirstEventIsForgotten() {
    UUID task = UUID.fromString(submit(LATER));
    HttpServerResponse response =
        (HttpServerResponse)
            Proxy.newProxyInstance(
                HttpServerResponse.class.getClassLoader(),
                new Class<?>[] {HttpServerResponse.class},
                (_, method, _) -> {
                  throw new AssertionError(method);
                });

    OutboundSseEvent first =
        Multi.createFrom()
            .<OutboundSseEvent>emitter(
                client -> {
                  TaskSnapshot now = tasks.snapshot(task.toString());
                  EventStream stream =
                      new EventStream(task, Optional.empty(), SseImpl.INSTANCE, client);
                  streams.begin(stream, now, response);
                },
                BackPressureStrategy.LATEST)
            // It takes the first, and cancels.
            .toUni()
            .await()
            .atMost(Duration.ofSeconds(20));

    assertThat(first.getName()).isEqualTo("state");
    assertThat(meters.get("trunkline.streams").gauge().value()).isZero();
    assertThat(meters.get("trunkline.watched.tasks").gauge().value()).isZero();
  }

  private EventSource open(String id, String lastEventId) {
    return EventSource.open(root.resolve(TASKS + id + "/events"), lastEventId);
  }

  private Message next(EventSource events, String state) throws IOException {
    Message message = events.next().orElseThrow();
    return state(message).equals(state) ? message : next(events, state);
  }

  private String state(Message message) throws IOException {
    return mapper.readTree(message.data()).get("state").asText();
  }

  private static void awaitOtherTag(String id, String body) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> !when().get(TASKS + id).asString().equals(body));
  }

  private void assertEachStateOnce(List<Message> messages) throws IOException {
    HashSet<String> seen = new HashSet<>();
    for (Message message : messages) {
      JsonNode task = mapper.readTree(message.data());
      boolean fresh = seen.add(task.get("state").asText() + task.get("attempt").asInt());
      assertThat(message.event()).isEqualTo(fresh ? "state" : "progress");
    }
  }

  private static String submit(String body) {
    return given().contentType(ContentType.JSON).body(body).post("/api/v1/tasks").path("id");
  }

  private static void cancel(String id) {
    given().post(TASKS + id + "/cancel").then().statusCode(200);
  }

  private void awaitGauge(String name, int value) {
    Awaitility.await(name)
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(10))
        .until(() -> meters.get(name).gauge().value() == value);
  }
}
