package dev.trunkline.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How bodies are read. */
@QuarkusTest
class JsonRulesResourceTest {

  private static final String NOOP = "{\"type\":\"noop\",\"payload\":%s}";

  @ParameterizedTest
  @ValueSource(strings = {"UTF-16LE", "UTF-16BE", "UTF-16", "UTF-32"})
  void jsonInAnotherEncodingIsNotRead(String charset) {
    refused(NOOP.formatted("1").getBytes(Charset.forName(charset)))
        .body("detail", equalTo("The request is not JSON in UTF-8."));
  }

  @ParameterizedTest
  @ValueSource(strings = {"\u00ff\u00fe", "\u00c0\u0080", "\u00ed\u00a0\u0080", "\u00f8"})
  void bytesThatAreNoUtf8AreNotRead(String bytes) {
    refused(NOOP.formatted("\"" + bytes + "\"").getBytes(StandardCharsets.ISO_8859_1));
  }

  @Test
  void aByteOrderMarkIsPassedOver() {
    String body = "\ufeff" + NOOP.formatted("1");
    post("/api/v1/tasks", body.getBytes(StandardCharsets.UTF_8)).statusCode(202);
    String example = "\ufeff{\"text\":\"x\",\"time\":1}";
    post("/producer", example.getBytes(StandardCharsets.UTF_8)).statusCode(202);
  }

  @Test
  void nestingEndsAtTwoHundredLevels() {
    accepted(NOOP.formatted("[".repeat(199) + "]".repeat(199)));
    refused(NOOP.formatted("[".repeat(200) + "]".repeat(200)))
        .body("detail", containsString("nested too deeply"));
    refused(NOOP.formatted("{\"a\":".repeat(100_000)));
  }

  @Test
  void aNameHasAnEnd() {
    accepted(NOOP.formatted("{\"%s\":1}".formatted("a".repeat(10_000))));
    refused(NOOP.formatted("{\"%s\":1}".formatted("a".repeat(10_001))))
        .body("detail", containsString("too long"));
  }

  @Test
  void aNumberHasAnEnd() {
    accepted(NOOP.formatted("9".repeat(1_000)));
    refused(NOOP.formatted("9".repeat(1_001)));
    refused(NOOP.formatted("0." + "9".repeat(1_001)));
  }

  @Test
  void aTextMayBeAsLongAsTheBody() {
    accepted(NOOP.formatted("\"" + "a".repeat(1_048_000) + "\""));
  }

  @Test
  void aFieldThatIsGivenTwiceIsNamed() {
    refused("{\"type\":\"noop\",\"payload\":{\"a\":1,\"a\":2}}")
        .body("detail", containsString("holds a field twice"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/api/v1/tasks | {\"type\":\"noop\",\"payload\":1,\"priorty\":1} | 400 | /priorty |"
            + " priority",
        "/api/v1/tasks | {\"type\":\"echo\",\"payload\":{\"txt\":\"a\",\"time\":1}} | 422 |"
            + " /payload/txt | text",
        "/api/v1/tasks | {\"type\":\"ecko\",\"payload\":1} | 422 | /type | echo",
        "/producer | {\"text\":\"a\",\"tme\":1} | 422 | /tme | time",
      })
  void aNameThatIsNotKnownIsRefusedWithAGuess(
      String path, String body, int status, String pointer, String meant) {
    String said =
        post(path, body.getBytes(StandardCharsets.UTF_8))
            .statusCode(status)
            .body("errors.pointer", hasItem(pointer))
            .extract()
            .path("errors.find { it.pointer == '" + pointer + "' }.detail");
    assertThat(said).endsWith("did you mean \"" + meant + "\"?");
  }

  private static void accepted(String body) {
    post("/api/v1/tasks", body.getBytes(StandardCharsets.UTF_8)).statusCode(202);
  }

  private static ValidatableResponse refused(String body) {
    return refused(body.getBytes(StandardCharsets.UTF_8));
  }

  private static ValidatableResponse refused(byte[] body) {
    return post("/api/v1/tasks", body)
        .statusCode(400)
        .contentType("application/problem+json")
        .body("type", equalTo("/problems/malformed-request"));
  }

  private static ValidatableResponse post(String path, byte[] body) {
    return given().header("Content-Type", "application/json").body(body).post(path).then();
  }
}
