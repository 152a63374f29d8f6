package dev.trunkline.handlers.http;

import static io.restassured.RestAssured.given;
import static io.restassured.RestAssured.when;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import dev.trunkline.outbound.RawServer;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code http.request} from the submission to the result. */
@QuarkusTest
class HttpRequestResourceTest {

  private static final String ANSWER =
      "HTTP/1.1 200 X\r\nContent-Type: application/json\r\nContent-Length: 8\r\n\r\n{\"a\":10}";

  @Test
  void aSlowSynchronousApiBecomesAsynchronous() throws Exception {
    try (RawServer server = RawServer.saying(ANSWER)) {
      String id =
          submit(
                  "{\"method\":\"POST\",\"url\":\"%s\",\"headers\":{\"X-A\":\"b\"},\"body\":{\"n\":1.50}}"
                      .formatted(server.url("127.0.0.1", "/slow")))
              .then()
              .statusCode(202)
              .extract()
              .path("id");

      awaitState(id, "succeeded")
          .body("result.status", equalTo(200))
          .body("result.headers.content-type", equalTo("application/json"))
          .body("result.body.a", equalTo(10));
      assertThat(server.bodies()).containsExactly("{\"n\":1.50}");
      assertThat(server.heads().getFirst())
          .contains("POST /slow HTTP/1.1", "X-A: b", "Idempotency-Key: \"" + id + "\"");
    }
  }

  @Test
  void aFaultOfTheHostIsRetriedUnderTheSameKey() throws Exception {
    AtomicInteger calls = new AtomicInteger();
    String busy = "HTTP/1.1 503 X\r\nRetry-After: 0\r\nContent-Length: 0\r\n\r\n";
    try (RawServer server =
        RawServer.on(
            (head, out) ->
                out.write(
                    (calls.incrementAndGet() == 1 ? busy : ANSWER)
                        .getBytes(StandardCharsets.UTF_8)))) {
      String id =
          submit("{\"method\":\"POST\",\"url\":\"%s\"}".formatted(server.url("127.0.0.1", "/")))
              .path("id");

      awaitState(id, "succeeded").body("attempt", equalTo(2));
      assertThat(server.heads())
          .hasSize(2)
          .allMatch(head -> head.contains("Idempotency-Key: \"" + id + "\""));
    }
  }

  @Test
  void a4xxFailsForGoodAndTheErrorTellsNoSecret() throws Exception {
    try (RawServer server = RawServer.saying("HTTP/1.1 403 X\r\nContent-Length: 6\r\n\r\nsecret")) {
      String id =
          submit(
                  "{\"method\":\"GET\",\"url\":\"%s\",\"headers\":{\"Authorization\":\"secret\"}}"
                      .formatted(server.url("127.0.0.1", "/?token=secret")))
              .path("id");

      awaitState(id, "failed")
          .body("attempt", equalTo(1))
          .body("error.type", equalTo("rejected"))
          .body("error.message", containsString("status 403"))
          .body("error.message", not(containsString("secret")));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "`{\"url\":\"http://a.example/\"}`|/payload/method",
        "`{\"method\":\"GET\"}`|/payload/url",
        "`{\"method\":\"get\",\"url\":\"http://a.example/\"}`|/payload/method",
        "`{\"method\":\"CONNECT\",\"url\":\"http://a.example/\"}`|/payload/method",
        "`{\"method\":\"GET\",\"url\":\"ftp://a.example/\"}`|/payload/url",
        "`{\"method\":\"GET\",\"url\":\"http://user:pw@a.example/\"}`|/payload/url",
        "`{\"method\":\"GET\",\"url\":\"http://0x7f000001/\"}`|/payload/url",
        "`{\"method\":\"GET\",\"url\":\"http://a.example/\",\"headers\":{\"Host\":\"x\"}}`|/payload/headers/Host",
        "`{\"method\":\"GET\",\"url\":\"http://a.example/\",\"headers\":{\"A"
            + " b/\":\"x\"}}`|/payload/headers/A b~1",
        "`{\"method\":\"GET\",\"url\":\"http://a.example/\",\"headers\":{\"X\":\"a\\r"
            + "\\n"
            + "b\"}}`|/payload/headers/X",
        "`{\"method\":\"GET\",\"url\":\"http://a.example/\",\"headers\":{\"X\":1}}`|/payload/headers/X",
        "`{\"method\":\"GET\",\"url\":\"http://a.example/\",\"headers\":{\"\":\"x\"}}`|/payload/headers/",
        "`{\"method\":\"GET\",\"url\":\"http://a.example/\",\"expect\":\"ok\"}`|/payload/expect",
        "`{\"method\":\"GET\",\"url\":\"http://a.example/\",\"expect\":[200,99]}`|/payload/expect/1",
        "`{\"method\":\"GET\",\"url\":\"http://a.example/\",\"expect\":[]}`|/payload/expect",
        "`{\"method\":\"GET\",\"url\":\"http://a.example/\",\"timeout\":3}`|/payload/timeout"
      })
  void whatCannotBeSentIsRefusedAtTheDoorWhereTheFaultIs(String payload, String pointer) {
    submit(payload)
        .then()
        .statusCode(422)
        .contentType("application/problem+json")
        .body("errors.pointer", containsInAnyOrder(pointer))
        .body("toString()", not(containsString("pw")));
  }

  @Test
  void everyFaultIsNamed() {
    submit("{\"method\":\"x\",\"url\":\"y${1+1}{z}\",\"headers\":{\"TE\":\"1\",\"te\":\"2\"}}")
        .then()
        .statusCode(422)
        .body(
            "errors.pointer",
            containsInAnyOrder(
                "/payload/method", "/payload/url", "/payload/headers/TE", "/payload/headers/te"));
  }

  @Test
  void theTypeIsThereWithItsSchema() {
    String type = "items.find { it.name == 'http.request' }.";
    when()
        .get("/api/v1/task-types")
        .then()
        .body(type + "payloadSchema.required", containsInAnyOrder("method", "url"))
        .body(
            type + "payloadSchema.properties.headers.additionalProperties.type", equalTo("string"))
        .body(type + "payloadSchema.properties.body.type", nullValue())
        .body(type + "payloadSchema.properties.expect.description", containsString("2xx"))
        .body(type + "defaults.queue", equalTo("http"));
  }

  private static Response submit(String payload) {
    return given()
        .contentType(ContentType.JSON)
        .body("{\"type\":\"http.request\",\"payload\":" + payload + "}")
        .post("/api/v1/tasks");
  }

  private static ValidatableResponse awaitState(String id, String state) {
    Awaitility.await(id)
        .atMost(Duration.ofSeconds(30))
        .until(() -> when().get("/api/v1/tasks/" + id).path("state").equals(state));
    return when().get("/api/v1/tasks/" + id).then();
  }
}
