package dev.trunkline.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.http.ContentType;
import java.io.IOException;
import java.net.Socket;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Of clients that begin with a body and do not end it. */
@QuarkusTest
@TestProfile(SilentBodiesResourceTest.Impatient.class)
class SilentBodiesResourceTest {

  private static final String BEGIN = "{\"type\":\"noop\",\"payload\":\"";

  @TestHTTPResource URL service;

  /** A read timeout that a test can wait for, and a limit on either side of what is light. */
  public static final class Impatient implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of(
          "quarkus.http.read-timeout", "500ms", "quarkus.http.limits.max-body-size", "3M");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"Content-Length: 5000", "Content-Length: 50000", "Transfer-Encoding: chunked"})
  void oneThatFallsSilentLosesTheConnection(String framing) throws IOException {
    String chunk = framing.startsWith("Transfer") ? "5\r\n" : "";
    try (Socket socket = new Socket(service.getHost(), service.getPort())) {
      socket.setSoTimeout(20_000);
      String head =
          "POST /api/v1/tasks HTTP/1.1\r\nHost: here\r\nContent-Type: application/json\r\n";
      String request = head + framing + "\r\n\r\n" + chunk + BEGIN;
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));

      assertThat(socket.getInputStream().readAllBytes()).isEmpty();
    }
  }

  @Test
  void theTimeIsOneOfSilenceAndNotOfTheTask() {
    given()
        .contentType(ContentType.JSON)
        .header("Prefer", "wait=20")
        .body("{\"type\":\"noop\",\"payload\":7,\"delay\":\"PT2S\"}")
        .post("/api/v1/tasks")
        .then()
        .statusCode(200);
  }

  @ParameterizedTest
  @CsvSource({"2500000,202", "3500000,413"})
  void theLimitIsTheOneThatWasSet(int length, int status) {
    given()
        .contentType(ContentType.JSON)
        .body(BEGIN + "x".repeat(length) + "\"}")
        .post("/api/v1/tasks")
        .then()
        .statusCode(status);
  }
}
