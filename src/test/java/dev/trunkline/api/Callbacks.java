package dev.trunkline.api;

import static io.restassured.RestAssured.given;
import static io.restassured.RestAssured.when;

import dev.trunkline.outbound.RawServer;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;

/** What the tests of callbacks share: a client, and a receiver that checks what it gets. */
final class Callbacks {

  static final String TASKS = "/api/v1/tasks/";
  static final String SECRETS = "/api/v1/callback-secrets";
  static final String OK = "HTTP/1.1 204 X\r\n\r\n";

  /** What a receiver says that wants to be asked again at once. */
  static final String BUSY = "HTTP/1.1 503 X\r\nRetry-After: 0\r\nContent-Length: 0\r\n\r\n";

  private Callbacks() {}

  static String url(RawServer receiver) {
    return receiver.url("127.0.0.1", "/");
  }

  /** Submits a task with a callback, and answers its id. */
  static String submit(String type, String payload, String url) {
    return submit(
            "{\"type\":\"%s\",\"payload\":%s,\"callback\":{\"url\":\"%s\"}}"
                .formatted(type, payload, url))
        .then()
        .statusCode(202)
        .extract()
        .path("id");
  }

  /** Submits one that is due in an hour. */
  static String submitForLater(String url) {
    return submit(
            "{\"type\":\"noop\",\"payload\":1,\"delay\":\"PT1H\",\"callback\":{\"url\":\"%s\"}}"
                .formatted(url))
        .then()
        .statusCode(202)
        .extract()
        .path("id");
  }

  static Response submit(String body) {
    return post("/api/v1/tasks", body);
  }

  static Response post(String path, String body) {
    return given().contentType(ContentType.JSON).body(body).post(path);
  }

  /** The deliveries of a task. */
  static Response of(String task) {
    return when().get(TASKS + task + "/callbacks");
  }

  static void until(ThrowingRunnable holds) {
    Awaitility.await().atMost(Duration.ofSeconds(30)).untilAsserted(holds);
  }

  /** A new secret, the only one that signs from now on. */
  static String secret() {
    String secret = given().post(SECRETS).path("secret");
    keepNewest();
    return secret;
  }

  static void keepNewest() {
    List<String> all = when().get(SECRETS).path("items.id");
    all.stream().skip(1).forEach(id -> given().delete(SECRETS + "/" + id).then().statusCode(204));
  }

  static String header(List<String> head, String name) {
    return head.stream()
        .filter(line -> line.startsWith(name + ": "))
        .map(line -> line.substring(name.length() + 2))
        .findFirst()
        .orElseThrow();
  }

  /** The signatures that the first callback of this receiver came with. */
  static String signatures(RawServer receiver) {
    return header(receiver.heads().getFirst(), "webhook-signature");
  }

  /**
   * The signature that the first callback of this receiver should have, as a receiver makes it that
   * knows nothing of the service but the Standard Webhooks rules.
   */
  static String expected(String secret, RawServer receiver) throws Exception {
    List<String> head = receiver.heads().getFirst();
    String signed =
        header(head, "webhook-id")
            + "."
            + header(head, "webhook-timestamp")
            + "."
            + receiver.bodies().getFirst();
    Mac mac = Mac.getInstance("HmacSHA256");
    byte[] key = Base64.getDecoder().decode(secret.replace("whsec_", ""));
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    return "v1,"
        + Base64.getEncoder()
            .encodeToString(mac.doFinal(signed.getBytes(StandardCharsets.ISO_8859_1)));
  }
}
