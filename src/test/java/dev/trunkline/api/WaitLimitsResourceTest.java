package dev.trunkline.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;

import dev.trunkline.it.EventSource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.net.URI;
import java.util.Map;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** With a place for one client that waits. */
@QuarkusTest
@TestProfile(WaitLimitsResourceTest.Narrow.class)
@Timeout(60)
class WaitLimitsResourceTest {

  private static final String TASKS = "/api/v1/tasks";
  private static final String LATER = "{\"type\":\"noop\",\"payload\":7,\"delay\":\"PT1H\"}";

  @TestHTTPResource("/")
  URI root;

  @Inject Waits waits;

  @Test
  void whoseWaitsAreTooManyIsAnswered429AndNothingIsStored() {
    String id = submit(LATER, "", UUID.randomUUID().toString()).path("id");
    String key = UUID.randomUUID().toString();
    try (EventSource stream = events(id)) {
      stream.next();
      assertThat(waits.open()).isEqualTo(1);

      assertThat(events(id).status()).isEqualTo(429);
      refused(given().header("Prefer", "wait=1").get(TASKS + "/" + id));
      refused(submit(LATER, "wait=1", key));
      given().header("Prefer", "wait=0").get(TASKS + "/" + id).then().statusCode(200);
    }
    Awaitility.await().until(() -> waits.open() == 0);
    submit(LATER, "wait=1", key)
        .then()
        .statusCode(202)
        .header("Idempotency-Replayed", equalTo(null));
    assertThat(waits.open()).isZero();
  }

  @Test
  void nobodyWaitsLongerThanIsAllowed() {
    submit(LATER, "wait=3600", UUID.randomUUID().toString())
        .then()
        .statusCode(202)
        .header("Preference-Applied", "wait=1");
  }

  @Test
  void aStreamOnWhichNothingHappensSaysThatItIsStillThere() {
    String id = submit(LATER, "", UUID.randomUUID().toString()).path("id");
    try (EventSource stream = events(id)) {
      assertThat(stream.comment()).isEqualTo(id);
      assertThat(stream.comment()).isEqualTo("keep-alive");
      assertThat(stream.comment()).isEqualTo("keep-alive");
    }
    Awaitility.await().until(() -> waits.open() == 0);
  }

  @Test
  void aRequestThatIsRefusedTakesNoPlace() {
    given().header("Prefer", "wait=1").get(TASKS + "/nonsense").then().statusCode(404);
    submit("{}", "wait=1", UUID.randomUUID().toString()).then().statusCode(422);
    assertThat(events(UUID.randomUUID().toString()).status()).isEqualTo(404);
    given().head(TASKS + "/" + submit(LATER, "", "head").path("id") + "/events");

    assertThat(waits.open()).isZero();
  }

  private EventSource events(String id) {
    return EventSource.open(root.resolve(TASKS + "/" + id + "/events"));
  }

  private static Response submit(String body, String prefer, String key) {
    return given()
        .header("Prefer", prefer)
        .header("Idempotency-Key", key)
        .contentType(ContentType.JSON)
        .body(body)
        .post(TASKS);
  }

  private static void refused(Response response) {
    response
        .then()
        .statusCode(429)
        .contentType("application/problem+json")
        .header("Retry-After", notNullValue())
        .body("type", equalTo("/problems/too-many-waits"));
  }

  public static class Narrow implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of(
          "trunkline.limits.waits-per-client", "1",
          "trunkline.wait.max", "1s",
          "trunkline.events.keep-alive", "1s");
    }
  }
}
