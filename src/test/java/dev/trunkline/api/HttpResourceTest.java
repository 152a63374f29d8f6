package dev.trunkline.api;

import static io.restassured.RestAssured.given;
import static io.restassured.RestAssured.when;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.emptyOrNullString;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.Method;
import io.restassured.path.json.JsonPath;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What HTTP says, at every path that the OpenAPI document names. */
@QuarkusTest
class HttpResourceTest {

  private static final String PROBLEM = "application/problem+json";
  private static final String TASKS = "/api/v1/tasks";
  private static final String NOOP = "{\"type\":\"noop\",\"payload\":1}";
  private static final String LAST_CHUNK = "\r\n0\r\n\r\n";

  @TestHTTPResource URL service;

  /** A path with something in the places of its parameters, and the methods that it has. */
  record Place(String path, Set<String> methods) {}

  private static List<Place> places() {
    JsonPath document = when().get("/q/openapi?format=json").then().extract().jsonPath();
    Map<String, Map<String, Object>> paths = document.getMap("paths");
    return paths.entrySet().stream()
        .map(entry -> new Place(concrete(entry.getKey()), methods(entry.getValue())))
        .toList();
  }

  private static String concrete(String template) {
    return template.replaceAll("\\{[^}]+}", "0199d1c4-0000-7000-8000-000000000000");
  }

  private static Set<String> methods(Map<String, Object> item) {
    Set<String> methods = new TreeSet<>(List.of("OPTIONS"));
    for (Method method : Method.values()) {
      if (item.containsKey(method.name().toLowerCase(Locale.ROOT))) {
        methods.add(method.name());
      }
    }
    if (methods.contains("GET")) {
      methods.add("HEAD");
    }
    return methods;
  }

  @Test
  void aMethodThatIsNotThereIsAnsweredWithThoseThatAre() {
    for (Place place : places()) {
      for (Method method : Method.values()) {
        if (!place.methods().contains(method.name())) {
          var answer = given().request(method, place.path()).then();
          answer
              .statusCode(405)
              .header("Allow", String.join(", ", place.methods()))
              .contentType(PROBLEM);
          if (method != Method.HEAD) {
            answer.body("type", equalTo("/problems/method-not-allowed"));
          }
        }
      }
    }
  }

  @Test
  void optionsTellsTheMethods() {
    for (Place place : places()) {
      for (String path : List.of(place.path(), place.path() + "/")) {
        when()
            .options(path)
            .then()
            .statusCode(204)
            .header("Allow", String.join(", ", place.methods()));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/v1/task-types",
        TASKS + "/0199d1c4-0000-7000-8000-000000000000",
        "/problems"
      })
  void headIsGetWithoutTheBody(String path) {
    var got = when().get(path).then().extract();
    when()
        .head(path)
        .then()
        .statusCode(got.statusCode())
        .contentType(got.contentType())
        .body(emptyOrNullString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/nowhere",
        "/api",
        "/api/v1",
        "/api/v2/tasks",
        TASKS + "/a/b/c",
        "/q/nowhere"
      })
  void aPathThatLeadsNowhereIsNotFound(String path) {
    for (Method method : List.of(Method.GET, Method.POST, Method.DELETE, Method.OPTIONS)) {
      given()
          .request(method, path)
          .then()
          .statusCode(404)
          .contentType(PROBLEM)
          .body("type", equalTo("/problems/not-found"))
          .body("instance", equalTo(path));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/api/v1/task-types/", "//api/v1/task-types", "/api/./v1/../v1/task-types"})
  void onePathHasManySpellings(String path) throws IOException {
    assertThat(RawHttp.ask(service, "GET " + path + " HTTP/1.1").status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "text/html",
        "application/problem+json",
        "application/json;q=0",
        "application/json;q=0, */*",
        "*/*;q=0",
        "application/xml, text/*;q=0.3",
        "nonsense",
      })
  void whatRulesOutJsonIsNotAcceptable(String accept) {
    given()
        .accept(accept)
        .get("/api/v1/task-types")
        .then()
        .statusCode(406)
        .contentType(PROBLEM)
        .body("type", equalTo("/problems/not-acceptable"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "*/*",
        "application/*",
        "application/json;q=0.001",
        "APPLICATION/JSON",
        "text/html, */*;q=0.1",
        "text/html;q=0, application/json",
        "*/*;q=0, application/json",
        "text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2",
      })
  void whatAllowsJsonIsAcceptable(String accept) {
    given()
        .accept(accept)
        .get("/api/v1/task-types")
        .then()
        .statusCode(200)
        .contentType("application/json");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Type: text/plain",
        "Content-Type: application/x-www-form-urlencoded",
        "Content-Type: application/xml",
        "Content-Type: application/problem+json",
        "Content-Type: */*",
        "Content-Type: application/*",
        "Content-Type: nonsense",
        "Content-Type: application/json; charset=iso-8859-1",
        "Content-Type:",
        "X-No-Content-Type: at all",
        "Content-Type: application/json\r\nContent-Encoding: gzip",
      })
  void aBodyOfAnotherTypeIsNotSupported(String headers) throws IOException {
    RawHttp.Answer answer = post(headers, NOOP.getBytes(StandardCharsets.UTF_8));
    assertThat(answer.status()).isEqualTo(415);
    assertThat(answer.headers()).containsEntry("content-type", PROBLEM);
    assertThat(answer.body()).contains("\"/problems/unsupported-media-type\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/json",
        "application/json; charset=utf-8",
        "application/json;charset=\"UTF-8\"",
        "Application/JSON",
        "application/json; profile=x",
      })
  void jsonIsSupportedHoweverItIsSpelt(String type) throws IOException {
    assertThat(post("Content-Type: " + type, NOOP.getBytes(StandardCharsets.UTF_8)).status())
        .isEqualTo(202);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "/api/v1/tasks/%zz /api/v1/tasks/%25zz",
        "/api/v1/tasks/% /api/v1/tasks/%25",
        "/api/v1/tasks/%4 /api/v1/tasks/%254",
        "/api/v1/tasks/{id} /api/v1/tasks/%7Bid%7D",
        "/api/v1/tasks/a|b /api/v1/tasks/a%7Cb",
        "/api/v1/tasks/a?tag=%zz /api/v1/tasks/a",
        "/%zz /%25zz",
      })
  void anAddressThatIsNoneIsRefusedAndRepeatedWithEscapes(String address, String instance)
      throws IOException {
    RawHttp.Answer answer = RawHttp.ask(service, "GET " + address + " HTTP/1.1");
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.headers()).containsEntry("content-type", PROBLEM);
    assertThat(answer.body()).contains("\"/problems/bad-request\"", "\"" + instance + "\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"%00", "%ff%fe", "a%2Fb", "a;b=c", "%F0%9F%99%82", "a+b", "..%2f", "%252e"})
  void anOddIdIsNoTaskAndIsRepeatedAsItCame(String id) throws IOException {
    RawHttp.Answer answer = RawHttp.ask(service, "GET " + TASKS + "/" + id + " HTTP/1.1");
    assertThat(answer.status()).isEqualTo(404);
    assertThat(JsonPath.from(answer.body()).getString("instance")).isEqualTo(TASKS + "/" + id);
  }

  @Test
  void aHeadOverTheLimitsIsRefusedByTheServerItself() throws IOException {
    assertThat(RawHttp.ask(service, "GET /" + "a".repeat(5_000) + " HTTP/1.1").status())
        .isEqualTo(414);
    assertThat(RawHttp.ask(service, "GET / HTTP/1.1", "X-Long: " + "a".repeat(30_000)).status())
        .isEqualTo(431);
  }

  @Test
  void aBodyOverTheLimitIsRefusedWhetherItAnnouncesItsLengthOrNot() throws IOException {
    String announced =
        "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: %d"
            .formatted(TASKS, limit() + 1);
    assertTooLarge(
        RawHttp.send(service, (announced + "\r\n\r\n").getBytes(StandardCharsets.UTF_8)));
    assertTooLarge(RawHttp.send(service, inOneChunk(new byte[limit() + 1], "")));
  }

  /** As most clients do; a connection closed under it would be reset, and the answer lost. */
  @ParameterizedTest
  @ValueSource(strings = {"keep-alive", "close"})
  void whoHearsOfARefusedBodyOnlyWhenItIsSentHearsOfIt(String connection) throws IOException {
    byte[] body = " ".repeat(16 * limit()).getBytes(StandardCharsets.UTF_8);
    String head =
        "POST %s HTTP/1.1\r\nHost: localhost\r\nConnection: %s\r\nContent-Type: application/json\r\n"
            .formatted(TASKS, connection);
    String length = "Content-Length: %d\r\n\r\n".formatted(body.length);
    String chunk = "Transfer-Encoding: chunked\r\n\r\n%x\r\n".formatted(body.length);
    assertTooLarge(RawHttp.send(service, joined(head + length, body, "")));
    assertTooLarge(RawHttp.send(service, joined(head + chunk, body, LAST_CHUNK)));
  }

  @Test
  void aBodyAtTheLimitIsRead() throws IOException {
    byte[] body = Arrays.copyOf(NOOP.getBytes(StandardCharsets.UTF_8), limit());
    Arrays.fill(body, NOOP.length(), body.length, (byte) ' ');
    assertThat(post("Content-Type: application/json", body).status()).isEqualTo(202);
    assertThat(RawHttp.send(service, inOneChunk(body, LAST_CHUNK)).status()).isEqualTo(202);
  }

  private static void assertTooLarge(RawHttp.Answer answer) {
    assertThat(answer.status()).isEqualTo(413);
    assertThat(answer.headers())
        .containsEntry("content-type", PROBLEM)
        .containsEntry("connection", "close");
    assertThat(answer.body()).contains("\"/problems/content-too-large\"", "at most 1048576 bytes");
  }

  private static int limit() {
    return 1_048_576;
  }

  private RawHttp.Answer post(String headers, byte[] body) throws IOException {
    String head =
        "POST %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n%s\r\nContent-Length: %d\r\n\r\n"
            .formatted(TASKS, headers, body.length);
    return RawHttp.send(service, joined(head, body, ""));
  }

  private static byte[] inOneChunk(byte[] body, String end) {
    String head =
        "POST %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n"
            .formatted(TASKS, body.length);
    return joined(head, body, end);
  }

  private static byte[] joined(String head, byte[] body, String end) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(head.getBytes(StandardCharsets.ISO_8859_1));
    all.writeBytes(body);
    all.writeBytes(end.getBytes(StandardCharsets.ISO_8859_1));
    return all.toByteArray();
  }
}
