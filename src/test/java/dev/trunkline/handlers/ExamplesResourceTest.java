package dev.trunkline.handlers;

import static io.restassured.RestAssured.given;
import static io.restassured.RestAssured.when;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The three classic examples, by the endpoints at the root. */
@QuarkusTest
class ExamplesResourceTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  @Test
  void thePositionOfTheArticleIsAnalysed() throws Exception {
    assertThat(analysis("8/8/6P1/4R3/8/6k1/2r5/6K1 b - - 0 1"))
        .isEqualTo(
            JSON.readTree(
                "{\"status\":\"done\",\"result\":[{\"centipawn_score\":null,\"mate_score\":-2,"
                    + "\"pv\":[\"c2c1\",\"e5e1\",\"c1e1\"]}]}"));
  }

  /** Each as Stockfish 15.1 answers by hand. */
  @ParameterizedTest
  @CsvSource({
    "6k1/5ppp/8/8/8/8/8/R3K2R w KQ - 0 1, 1, a1a8",
    "rnb1kbnr/pppp1ppp/8/4p3/6Pq/5P2/PPPPP2P/RNBQKBNR w KQkq - 1 3, 0, ''",
    "7k/P7/6K1/8/8/8/8/8 w - - 0 1, 1, a7a8q",
  })
  void matesAreGivenInMovesFromWhitesSide(String fen, int mate, String firstMove) throws Exception {
    JsonNode line = analysis(fen).get("result").get(0);
    assertThat(line.get("mate_score").asInt()).isEqualTo(mate);
    assertThat(line.get("centipawn_score").isNull()).isTrue();
    assertThat(line.get("pv").path(0).asText(""))
        .startsWith(firstMove.isEmpty() ? "" : firstMove.substring(0, 4));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "not a position",
        "8/8/8/8/8/8/8/8 w - - 0 1",
        "8/8/6P1/4R3/8/6k1/2r5/8 b - - 0 1",
        "4k3/8/8/8/8/8/8/4K2P w - - 0 1",
        "4k3/8/8/8/8/8/8/R3K3 w K - 0 1",
        "4k3/4R3/8/8/8/8/8/4K3 w - - 0 1",
      })
  void anIllegalPositionIsRefusedAtTheDoor(String fen) {
    needStockfish();
    post("/analyze", "{\"fen\":\"" + fen + "\"}")
        .then()
        .statusCode(422)
        .contentType("application/problem+json")
        .body("errors.pointer", hasItem("/fen"));
  }

  @Test
  void aTicketThatIsNoneIsNotFound() {
    String echo =
        post("/api/v1/tasks", "{\"type\":\"noop\",\"payload\":1}").then().extract().path("id");
    for (String id : List.of("", "xyz", UUID.randomUUID().toString(), echo)) {
      when().get("/analysis?id=" + id).then().statusCode(404);
    }
    when().get("/analysis").then().statusCode(404);
    when().get("/wordcount/" + echo).then().statusCode(404);
  }

  @Test
  void theProducerTakesAnEcho() {
    post("/producer", "{\"text\":\"hi\",\"time\":1}")
        .then()
        .statusCode(202)
        .body(equalTo("Task added in the queue"));
    post("/producer", "{\"text\":\"hi\"}")
        .then()
        .statusCode(422)
        .body("errors.pointer", hasItem("/time"));
    post("/producer", "{").then().statusCode(400).contentType("application/problem+json");
    post("/producer", "").then().statusCode(400).contentType("application/problem+json");
  }

  @Test
  void aHundredEchoesRunAtOnce() {
    String echo = "{\"type\":\"echo\",\"payload\":{\"text\":\"x\",\"time\":60}}";
    List<String> ids =
        post("/api/v1/tasks/batch", Collections.nCopies(100, echo).toString())
            .then()
            .statusCode(202)
            .extract()
            .path("items.id");
    List<Response> done = ids.stream().map(ExamplesResourceTest::succeeded).toList();
    Instant lastStart =
        done.stream().map(task -> time(task, "startedAt")).max(Instant::compareTo).orElseThrow();
    Instant firstEnd =
        done.stream().map(task -> time(task, "finishedAt")).min(Instant::compareTo).orElseThrow();
    assertThat(lastStart).isBefore(firstEnd);
  }

  @Test
  void theVisibleWordsOfAPageAreCounted() throws IOException {
    String page =
        "<html><head><title>Not this</title><meta charset=iso-8859-1><style>p{}</style></head>"
            + "<body><script>var no;</script><!-- no --><p>Caf\u00e9 caf&eacute; CAF&#201;</p>"
            + "<p hidden>no</p>tea<br>Tea</body></html>";
    HttpServer server = serve(page, StandardCharsets.ISO_8859_1);
    try {
      String url = "http://127.0.0.1:" + server.getAddress().getPort() + "/";
      String id =
          post("/wordcount", "{\"url\":\"" + url + "\"}")
              .then()
              .statusCode(202)
              .extract()
              .path("id");
      awaitDone("/wordcount/" + id)
          .then()
          .body("status", equalTo("done"))
          .body("result.total", equalTo(5))
          .body("result.distinct", equalTo(2))
          .body("result.counts.café", equalTo(3))
          .body("result.counts.tea", equalTo(2));
    } finally {
      server.stop(0);
    }
  }

  @Test
  void anAddressInsideIsRefused() {
    String id =
        post("/wordcount", "{\"url\":\"http://169.254.169.254/latest/meta-data\"}")
            .then()
            .statusCode(202)
            .extract()
            .path("id");
    awaitDone("/wordcount/" + id)
        .then()
        .body("status", equalTo("failed"))
        .body("error.type", equalTo("rejected"))
        .body("error.message", containsString("trunkline.outbound.allow"));
  }

  private static JsonNode analysis(String fen) throws IOException {
    needStockfish();
    String id =
        post("/analyze", "{\"fen\":\"" + fen + "\"}").then().statusCode(202).extract().path("id");
    return JSON.readTree(awaitDone("/analysis?id=" + id).asString());
  }

  private static void needStockfish() {
    boolean there =
        when()
            .get("/api/v1/task-types")
            .path("items.find { it.name == 'chess.analyze' }.available");
    Assumptions.assumeTrue(
        there, "Stockfish is missing: install it, e.g. apt-get install stockfish");
  }

  private static Response awaitDone(String path) {
    Awaitility.await(path)
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(100))
        .until(() -> !when().get(path).path("status").equals("pending"));
    return when().get(path);
  }

  private static Response succeeded(String id) {
    Awaitility.await(id)
        .atMost(Duration.ofSeconds(60))
        .until(() -> when().get("/api/v1/tasks/" + id).path("state").equals("succeeded"));
    return when().get("/api/v1/tasks/" + id);
  }

  private static Instant time(Response task, String field) {
    return Instant.parse(task.<String>path(field));
  }

  private static Response post(String path, String body) {
    return given().contentType(ContentType.JSON).body(body).post(path);
  }

  private static HttpServer serve(String page, Charset charset) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    byte[] body = page.getBytes(charset);
    server.createContext(
        "/",
        exchange -> {
          exchange.getResponseHeaders().add("Content-Type", "text/html");
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    return server;
  }
}
