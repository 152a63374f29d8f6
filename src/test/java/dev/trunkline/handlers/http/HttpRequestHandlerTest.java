package dev.trunkline.handlers.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import dev.trunkline.config.TestConfig;
import dev.trunkline.config.TrunklineConfig;
import dev.trunkline.handlers.Recorder;
import dev.trunkline.outbound.OutboundClient;
import dev.trunkline.outbound.RawServer;
import dev.trunkline.task.Outcome;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(30)
class HttpRequestHandlerTest {

  private static final Vertx VERTX = Vertx.vertx();
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String TASK = new Recorder().taskId().toString();

  private final Recorder context = new Recorder();

  @AfterAll
  static void stop() {
    VERTX.close();
  }

  @Test
  void the_answer_comes_with_status_headers_and_body() throws Exception {
    String said =
        "HTTP/1.1 201 X\r\n"
            + "Content-Type: application/json\r\n"
            + "X-One: a\r\n"
            + "x-one: b\r\n"
            + "Set-Cookie: c=1, 2\r\n"
            + "Set-Cookie: d=3\r\n"
            + "Connection: close\r\n"
            + "Content-Length: 9\r\n\r\n"
            + "{\"a\":1.0}";
    try (RawServer server = RawServer.saying(said)) {
      HttpAnswer answer = succeeded(handle(request("GET", server, null, null, null)));

      assertThat(answer.status()).isEqualTo(201);
      assertThat(answer.body()).isEqualTo(JSON.readTree("{\"a\":1.0}"));
      assertThat(answer.bodyEncoding()).isNull();
      assertThat(answer.headers())
          .isEqualTo(
              Map.of(
                  "content-type", "application/json",
                  "content-length", "9",
                  "x-one", "a, b",
                  "set-cookie", "c=1, 2\nd=3"));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "text/plain|abc|`\"abc\"`|",
        "text/plain; charset=latin1|caf\u00e9|`\"caf\u00e9\"`|",
        "application/xml|<a/>|`\"<a/>\"`|",
        "image/svg+xml|<a/>|`\"<a/>\"`|",
        "application/x-unheard-of; charset=utf-8|abc|`\"abc\"`|",
        "text/plain|a\0b|`\"a\uFFFDb\"`|",
        "application/octet-stream|abc|`\"YWJj\"`|base64",
        "image/png|\u0089PNG|`\"iVBORw==\"`|base64",
        "|abc|`\"abc\"`|",
        "|\u0089PNG|`\"iVBORw==\"`|base64",
        "|`\0\0`|`\"AAA=\"`|base64",
        "application/json|`[1,\"x\"]`|`[1,\"x\"]`|",
        "application/hal+json|null|null|",
        "application/json|{nonsense|`\"{nonsense\"`|",
        "application/json|`{\"a\":1} x`|`\"{\\\"a\\\":1} x\"`|",
        "application/json|`\"a\\u0000\"`|`\"\\\"a\\\\u0000\\\"\"`|",
        "application/json|1e999999|`\"1e999999\"`|",
      })
  void a_body_is_json_or_text_or_base64_by_its_type(
      @Nullable String type, String body, String result, @Nullable String encoding)
      throws Exception {
    HttpAnswer answer = succeeded(answered(saying(200, type, body)));

    assertThat(answer.body()).isEqualTo(JSON.readTree(result));
    assertThat(answer.bodyEncoding()).isEqualTo(encoding);
  }

  @Test
  void no_body_is_null_and_an_unknown_encoding_is_left_as_it_is() throws Exception {
    assertThat(succeeded(answered(saying(204, null, ""))).body()).isNull();

    HttpAnswer packed =
        succeeded(
            answered(
                "HTTP/1.1 200 X\r\nContent-Type: text/plain\r\nContent-Encoding: zst\r\n"
                    + "Content-Length: 3\r\n\r\nabc"));
    assertThat(packed.bodyEncoding()).isEqualTo("base64");
    assertThat(packed.headers()).containsEntry("content-encoding", "zst");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "`\"plain \u00e9\"`|plain \u00c3\u00a9|text/plain; charset=utf-8",
        "`{\"a\":[1,2.50]}`|`{\"a\":[1,2.50]}`|application/json",
        "7|7|application/json",
        "true|true|application/json",
      })
  void a_text_is_sent_as_it_is_and_any_other_value_as_json(String body, String sent, String type)
      throws Exception {
    try (RawServer server = RawServer.saying(saying(200, null, ""))) {
      handle(request("POST", server, null, exact(body), null));

      assertThat(server.bodies()).containsExactly(sent);
      assertThat(server.heads().getFirst()).contains("Content-Type: " + type);
    }
  }

  @Test
  void no_body_is_sent_for_none() throws Exception {
    try (RawServer server = RawServer.saying(saying(200, null, ""))) {
      handle(request("GET", server, null, JSON.nullNode(), null));

      assertThat(server.bodies()).containsExactly("");
      assertThat(server.heads().getFirst())
          .noneMatch(line -> line.toLowerCase().startsWith("content-"));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "POST, true",
    "PATCH, true",
    "PUT, true",
    "DELETE, true",
    "GET, false",
    "HEAD, false"
  })
  void what_changes_something_carries_the_tasks_id_so_that_it_is_done_once(
      String method, boolean carried) throws Exception {
    try (RawServer server = RawServer.saying(saying(200, null, ""))) {
      handle(request(method, server, null, null, null));

      assertThat(server.heads().getFirst().contains("Idempotency-Key: \"" + TASK + "\""))
          .isEqualTo(carried);
    }
  }

  @Test
  void headers_are_sent_as_given_and_those_of_the_service_give_way() throws Exception {
    Map<String, String> given =
        Map.of("idempotency-key", "mine", "CONTENT-TYPE", "text/csv", "X-Api-Key", "k");
    try (RawServer server = RawServer.saying(saying(200, null, ""))) {
      handle(request("POST", server, given, JSON.valueToTree("a,b"), null));

      assertThat(server.heads().getFirst())
          .contains("idempotency-key: mine", "CONTENT-TYPE: text/csv", "X-Api-Key: k")
          .noneMatch(line -> line.startsWith("Idempotency-Key") || line.contains("text/plain"));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      nullValues = "-",
      value = {
        "200|-|true",
        "299|-|true",
        "404|-|false",
        "404|404|true",
        "404|`\"404\"`|true",
        "200|404|false",
        "404|`[200,404]`|true",
        "503|`\"5xx\"`|true",
        "503|`[\"2xx\",503]`|true",
        "200|`[201]`|false",
        "302|`\"3xx\"`|true",
        "304|304|true",
        "200|null|true"
      })
  void the_statuses_that_are_expected_are_a_success(
      int status, @Nullable String expect, boolean success) throws Exception {
    try (RawServer server = RawServer.saying(saying(status, null, ""))) {
      Outcome<HttpAnswer> outcome =
          handle(request("GET", server, null, null, expect == null ? null : JSON.readTree(expect)));

      assertThat(outcome instanceof Outcome.Succeeded<?>).isEqualTo(success);
    }
  }

  @ParameterizedTest
  @CsvSource({"400", "401", "404", "408", "410", "418", "451"})
  void every_other_4xx_fails_for_good(int status) throws Exception {
    assertThat(answered(saying(status, "text/plain", "secret")))
        .isEqualTo(Outcome.giveUp("the host answered with status " + status + " instead of 2xx"));
  }

  @Test
  void what_is_not_expected_says_what_was() throws Exception {
    try (RawServer server = RawServer.saying(saying(200, null, ""))) {
      assertThat(handle(request("GET", server, null, null, JSON.readTree("[201,\"4xx\"]"))))
          .isEqualTo(Outcome.giveUp("the host answered with status 200 instead of 201 or 4xx"));
    }
  }

  @ParameterizedTest
  @CsvSource({"500", "502", "503", "504", "599", "429"})
  void a_5xx_or_429_is_retried(int status) throws Exception {
    assertThat(((Outcome.RetryLater<?>) answered(saying(status, null, ""))).delay()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"429", "503"})
  void retry_after_is_honoured(int status) throws Exception {
    assertThat(
            answered(
                "HTTP/1.1 %d X\r\nRetry-After: 120\r\nContent-Length: 0\r\n\r\n".formatted(status)))
        .isEqualTo(
            Outcome.retryLater(
                "the host answered with status " + status + " instead of 2xx",
                Duration.ofMinutes(2)));
  }

  @Test
  void an_io_fault_is_retried() throws Exception {
    assertThat(answered("HTTP/1.1 200 X\r\nContent-Length: 5\r\n\r\nab"))
        .isInstanceOf(Outcome.RetryLater.class);
  }

  @Test
  void redirects_are_followed_unless_they_are_expected() throws Exception {
    try (RawServer server = redirecting()) {
      assertThat(succeeded(handle(request("GET", server, null, null, null))).status())
          .isEqualTo(200);
      HttpAnswer redirect =
          succeeded(handle(request("GET", server, null, null, JSON.readTree("[302]"))));
      assertThat(redirect.status()).isEqualTo(302);
      assertThat(redirect.headers()).containsEntry("location", "/next");
    }
  }

  @Test
  void a_slow_host_may_take_longer_than_the_time_limit_to_begin() throws Exception {
    try (RawServer server =
        RawServer.on(
            (head, out) -> {
              Thread.sleep(700);
              out.write(saying(200, "text/plain", "late").getBytes(StandardCharsets.UTF_8));
            })) {
      Outcome<HttpAnswer> outcome =
          handler(Map.of("trunkline.outbound.timeout", "300ms"))
              .handle(request("GET", server, null, null, null), context);

      assertThat(succeeded(outcome).body().textValue()).isEqualTo("late");
    }
  }

  @Test
  void a_body_that_drips_is_cut_at_the_time_limit() throws Exception {
    try (RawServer server =
        RawServer.on(
            (head, out) -> {
              out.write("HTTP/1.1 200 X\r\n\r\n".getBytes(StandardCharsets.UTF_8));
              while (true) {
                out.write('x');
                out.flush();
                Thread.sleep(20);
              }
            })) {
      Outcome<HttpAnswer> outcome =
          handler(Map.of("trunkline.outbound.timeout", "300ms"))
              .handle(request("GET", server, null, null, null), context);

      assertThat(outcome)
          .isEqualTo(Outcome.retryLater("127.0.0.1 did not answer in full within 300 ms"));
      assertThat(server.sawHangUp()).isTrue();
    }
  }

  @Test
  void a_forbidden_address_is_given_up() throws Exception {
    HttpRequest request = new HttpRequest("GET", "http://169.254.169.254/", null, null, null);

    assertThat(handle(request)).isInstanceOf(Outcome.GiveUp.class);
  }

  private static RawServer redirecting() throws IOException {
    return RawServer.on(
        (head, out) ->
            out.write(
                (head.getFirst().contains("/next")
                        ? saying(200, null, "")
                        : "HTTP/1.1 302 X\r\nLocation: /next\r\nContent-Length: 0\r\n\r\n")
                    .getBytes(StandardCharsets.UTF_8)));
  }

  private Outcome<HttpAnswer> answered(String answer) throws Exception {
    try (RawServer server = RawServer.saying(answer)) {
      return handle(request("GET", server, null, null, null));
    }
  }

  private Outcome<HttpAnswer> handle(HttpRequest request) throws InterruptedException {
    return handler(Map.of()).handle(request, context);
  }

  private static HttpRequestHandler handler(Map<String, String> settings) {
    Map<String, String> all = new HashMap<>(settings);
    all.put("trunkline.outbound.allow", "127.0.0.1");
    TrunklineConfig config = TestConfig.with(all);
    return new HttpRequestHandler(new OutboundClient(VERTX, config), new AnswerReader(strict()));
  }

  /** Reads as the service does, at least where it matters here. */
  private static ObjectMapper strict() {
    return new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
  }

  private static HttpRequest request(
      String method,
      RawServer server,
      @Nullable Map<String, String> headers,
      @Nullable JsonNode body,
      @Nullable JsonNode expect) {
    return new HttpRequest(method, server.url("127.0.0.1", "/"), headers, body, expect);
  }

  private static JsonNode exact(String json) throws IOException {
    return JSON.reader()
        .with(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
        .without(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
        .readTree(json);
  }

  private static HttpAnswer succeeded(Outcome<HttpAnswer> outcome) {
    assertThat(outcome).isInstanceOf(Outcome.Succeeded.class);
    return ((Outcome.Succeeded<HttpAnswer>) outcome).result();
  }

  private static String saying(int status, @Nullable String type, String body) {
    return "HTTP/1.1 %d X\r\n%sContent-Length: %d\r\n\r\n%s"
        .formatted(
            status, type == null ? "" : "Content-Type: " + type + "\r\n", body.length(), body);
  }
}
