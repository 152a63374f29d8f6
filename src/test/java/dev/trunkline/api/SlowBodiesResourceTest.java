package dev.trunkline.api;

import static io.restassured.RestAssured.given;

import io.quarkus.arc.Arc;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import java.io.IOException;
import java.net.Socket;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@Timeout(60)
class SlowBodiesResourceTest {

  /** More than Quarkus has worker threads, at most 200 or 8 for each processor. */
  private static final int CLIENTS =
      10 + Math.max(200, 8 * Runtime.getRuntime().availableProcessors());

  private static final String HEAD =
      "POST /api/v1/tasks HTTP/1.1\r\nHost: here\r\nContent-Type: application/json\r\n"
          + "Content-Length: 200000\r\n\r\n";

  private final List<Socket> clients = new ArrayList<>();

  @TestHTTPResource URL service;

  @AfterEach
  void leave() throws IOException {
    for (Socket client : clients) {
      client.close();
    }
  }

  @Test
  void whoSendsABodySlowlyHoldsNoWorkerThread() throws Exception {
    String begin = HEAD + "{\"type\":\"noop\",\"payload\":\"" + "x".repeat(20_000);
    for (int i = 0; i < CLIENTS; i++) {
      Socket client = new Socket(service.getHost(), service.getPort());
      clients.add(client);
      client.getOutputStream().write(begin.getBytes(StandardCharsets.US_ASCII));
    }
    // They come one after the other, and this one last.
    submit(20_000);

    Arc.container().getExecutorService().submit(() -> {}).get(10, TimeUnit.SECONDS);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 9_000, 11_000, 16_300, 17_000, 500_000})
  void bodiesOfEveryLengthAreStored(int length) {
    submit(length);
  }

  private static void submit(int length) {
    given()
        .contentType(ContentType.JSON)
        .body("{\"type\":\"noop\",\"payload\":\"" + "x".repeat(length) + "\"}")
        .post("/api/v1/tasks")
        .then()
        .statusCode(202);
  }
}
