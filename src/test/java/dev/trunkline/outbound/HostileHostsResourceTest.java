package dev.trunkline.outbound;

import static dev.trunkline.outbound.Outside.addresses;
import static dev.trunkline.outbound.Outside.redirect;
import static dev.trunkline.outbound.Outside.say;
import static io.restassured.RestAssured.given;
import static io.restassured.RestAssured.when;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import dev.trunkline.config.TrunklineConfig;
import dev.trunkline.outbound.RawServer.Script;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientOptions;
import jakarta.enterprise.inject.Alternative;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.GZIPOutputStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Hosts that mean harm, met by whole tasks, from the submission to the error that its submitter
 * reads: a redirect to the metadata service, a name server that changes its mind, a body without
 * end, a slow drip, a gzip bomb and redirects in a circle.
 */
@QuarkusTest
@TestProfile(HostileHostsResourceTest.Hostile.class)
class HostileHostsResourceTest {

  private static final String METADATA = "http://169.254.169.254/latest/meta-data/";
  private static final String HEAD = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n";
  private static final String GZIPPED = HEAD + "Content-Encoding: gzip\r\n\r\n";
  private static final String BUSY =
      "HTTP/1.1 503 X\r\nRetry-After: 0\r\nContent-Length: 0\r\n\r\n";

  @ParameterizedTest
  @ValueSource(strings = {"http.request", "web.wordcount"})
  void aRedirectTo169_254_169_254IsRefused(String type) throws Exception {
    try (RawServer server = RawServer.saying(redirect(302, METADATA))) {
      failed(type, server.url("a.example", "/"), "rejected")
          .body("error.message", containsString("169.254.169.254"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"http.request", "web.wordcount"})
  void dnsThatChangesItsAnswerBetweenTwoHopsIsRefused(String type) throws Exception {
    String host = turncoat();
    try (RawServer server = RawServer.saying(redirect(302, "/again"))) {
      failed(type, server.url(host, "/"), "rejected").body("error.message", containsString(host));
      assertThat(server.heads()).hasSize(1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"http.request", "web.wordcount"})
  void dnsIsAskedOnceForACheckAndItsConnection(String type) throws Exception {
    String host = turncoat();
    try (RawServer server = RawServer.saying(HEAD + "Content-Length: 2\r\n\r\nok")) {
      awaitState(submit(type, server.url(host, "/")), "succeeded");

      assertThat(server.heads().getFirst()).contains("Host: " + host + ":" + server.port());
      assertThat(Hostile.ASKED).containsEntry(host, 1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"http.request", "web.wordcount"})
  void aBodyWithoutEndIsCut(String type) throws Exception {
    try (RawServer server = RawServer.on((head, out) -> endlessly(out, "x".repeat(8_000)))) {
      failed(type, server.url("a.example", "/"), "rejected")
          .body("error.message", containsString("larger than 100000 bytes"));
      assertThat(server.sawHangUp()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"http.request", "web.wordcount"})
  void aSlowDripIsCut(String type) throws Exception {
    try (RawServer server = RawServer.on(drip(HEAD + "\r\n"))) {
      failed(type, server.url("a.example", "/"), "handler-failed")
          .body("error.message", containsString("did not answer in full within 4000 ms"));
      assertThat(server.sawHangUp()).isTrue();
    }
  }

  /** For a host may take as long to begin as its task may: that is what the type is for. */
  @Test
  void aHeadThatDripsIsCutByTheTimeoutOfTheTask() throws Exception {
    try (RawServer server = RawServer.on(drip("HTTP/1.1 200 OK\r\nX: "))) {
      failed("http.request", server.url("a.example", "/"), "timed-out");
      assertThat(server.sawHangUp()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"http.request", "web.wordcount"})
  void aGzipBombIsCut(String type) throws Exception {
    byte[] bomb = bomb();
    try (RawServer server = RawServer.on((head, out) -> sayGzipped(out, bomb))) {
      failed(type, server.url("a.example", "/"), "rejected")
          .body("error.message", containsString("larger than 100000 bytes"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"http.request", "web.wordcount"})
  void aRedirectLoopIsRefused(String type) throws Exception {
    try (RawServer server = RawServer.saying(redirect(301, "/"))) {
      failed(type, server.url("a.example", "/"), "rejected")
          .body("error.message", containsString("circle"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {METADATA, "/"})
  void aCallbackFollowsNoRedirect(String location) throws Exception {
    try (RawServer server = RawServer.saying(redirect(302, location))) {
      delivery(server.url("a.example", "/"), "scheduled")
          .body("items[0].error.message", equalTo("the receiver answered with status 302"));
      // Its next attempt may be there already. A redirect that is followed would be a GET.
      assertThat(server.heads())
          .isNotEmpty()
          .allSatisfy(head -> assertThat(head.getFirst()).isEqualTo("POST / HTTP/1.1"));
    }
  }

  @Test
  void aCallbackWhoseNameLeadsElsewhereByItsSecondAttemptIsGivenUp() throws Exception {
    String host = turncoat();
    try (RawServer server = RawServer.saying(BUSY)) {
      delivery(server.url(host, "/"), "failed")
          .body("items[0].error.type", equalTo("rejected"))
          .body("items[0].error.message", containsString(host));
      assertThat(server.heads()).hasSize(1);
    }
  }

  @Test
  void ofWhatAReceiverSaysNothingButTheHeadIsRead() throws Exception {
    byte[] bomb = bomb();
    Script[] scripts = {
      (head, out) -> endlessly(out, "x".repeat(8_000)),
      drip(HEAD + "\r\n"),
      (head, out) -> {
        while (true) {
          sayGzipped(out, bomb);
        }
      }
    };
    for (Script script : scripts) {
      try (RawServer server = RawServer.on(script)) {
        delivery(server.url("a.example", "/"), "succeeded");
        assertThat(server.sawHangUp()).isTrue();
      }
    }
  }

  @Test
  void aReceiverWhoseHeadDripsIsLeft() throws Exception {
    try (RawServer server = RawServer.on(drip("HTTP/1.1 200 OK\r\nX: "))) {
      delivery(server.url("a.example", "/"), "scheduled")
          .body("items[0].error.message", containsString("did not answer in full within 4000 ms"));
      assertThat(server.sawHangUp()).isTrue();
    }
  }

  private static ValidatableResponse failed(String type, String url, String error) {
    return awaitState(submit(type, url), "failed").body("error.type", equalTo(error));
  }

  private static String submit(String type, String url) {
    String method = type.equals("http.request") ? "\"method\":\"GET\"," : "";
    return submit(
        "{\"type\":\"%s\",\"payload\":{%s\"url\":\"%s\"},\"maxAttempts\":1,\"timeout\":\"PT8S\"}"
            .formatted(type, method, url));
  }

  private static String submit(String body) {
    return given()
        .contentType(ContentType.JSON)
        .body(body)
        .post("/api/v1/tasks")
        .then()
        .statusCode(202)
        .extract()
        .path("id");
  }

  /** The deliveries of a task that is told of there, once the first attempt has come to this. */
  private static ValidatableResponse delivery(String url, String state) {
    String id =
        submit("{\"type\":\"noop\",\"payload\":1,\"callback\":{\"url\":\"%s\"}}".formatted(url));
    String path = "/api/v1/tasks/" + id + "/callbacks";
    Awaitility.await(id)
        .atMost(Duration.ofSeconds(30))
        .until(() -> state.equals(when().get(path).path("items[0].state")));
    return when().get(path).then();
  }

  private static ValidatableResponse awaitState(String id, String state) {
    Awaitility.await(id)
        .atMost(Duration.ofSeconds(30))
        .until(() -> state.equals(when().get("/api/v1/tasks/" + id).path("state")));
    return when().get("/api/v1/tasks/" + id).then();
  }

  /** The name of a host that is at the metadata service's address when it is asked for again. */
  private static String turncoat() {
    return "turncoat-" + UUID.randomUUID() + ".example";
  }

  private static void endlessly(OutputStream out, String text) throws IOException {
    say(out, HEAD + "\r\n");
    while (true) {
      say(out, text);
    }
  }

  private static Script drip(String beginning) {
    return (head, out) -> {
      say(out, beginning);
      while (true) {
        say(out, "x");
        Thread.sleep(50);
      }
    };
  }

  private static void sayGzipped(OutputStream out, byte[] body) throws IOException {
    say(out, GZIPPED);
    out.write(body);
  }

  private static byte[] bomb() throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write(new byte[50_000_000]);
    }
    return packed.toByteArray();
  }

  /**
   * Little patience, though enough for the first request of a cold process on a busy machine, and
   * name servers that cannot be trusted.
   */
  public static final class Hostile implements QuarkusTestProfile {

    /** How often each name was asked for. */
    static final Map<String, Integer> ASKED = new ConcurrentHashMap<>();

    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of(
          "trunkline.outbound.timeout", "4s",
          "trunkline.outbound.max-body-bytes", "100000",
          "trunkline.callback.timeout", "4s");
    }

    @Override
    public Set<Class<?>> getEnabledAlternatives() {
      return Set.of(Names.class);
    }
  }

  /** The client of the service, with all names on the loopback, where this process may go. */
  @Alternative
  @Singleton
  public static class Names {
    @Produces
    @Singleton
    OutboundClient client(Vertx vertx, TrunklineConfig config) {
      return new OutboundClient(
          vertx,
          config.outbound(),
          host ->
              addresses(
                  Hostile.ASKED.merge(host, 1, Integer::sum) > 1 && host.startsWith("turncoat")
                      ? "169.254.169.254"
                      : "127.0.0.1"),
          new HttpClientOptions());
    }
  }
}
