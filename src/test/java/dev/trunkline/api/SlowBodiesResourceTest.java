package dev.trunkline.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.arc.Arc;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@Timeout(60)
class SlowBodiesResourceTest {

  /** More than Quarkus has worker threads, which is 200 or 8 for each processor. */
  private static final int CLIENTS =
      10 + Math.max(200, 8 * Runtime.getRuntime().availableProcessors());

  private static final String HEAD =
      "POST /api/v1/tasks HTTP/1.1\r\nHost: here\r\nContent-Type: application/json\r\n";
  private static final String BEGIN = "{\"type\":\"noop\",\"payload\":\"";

  private final List<Socket> clients = new ArrayList<>();

  @TestHTTPResource URL service;

  @Inject MeterRegistry meters;

  @AfterEach
  void leave() throws IOException {
    for (Socket client : clients) {
      client.close();
    }
    Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> active() < CLIENTS);
  }

  @ParameterizedTest
  @ValueSource(ints = {16_000, 200_000})
  void whoSendsABodySlowlyHoldsNoWorkerThread(int length) throws Exception {
    String most = BEGIN + "x".repeat(length - BEGIN.length() - 2);
    String request = HEAD + "Content-Length: " + length + "\r\n\r\n" + most;
    for (int i = 0; i < CLIENTS; i++) {
      send(request);
    }
    Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> active() >= CLIENTS);
    submit(20_000);

    Arc.container().getExecutorService().submit(() -> {}).get(10, TimeUnit.SECONDS);

    Socket last = clients.getLast();
    last.getOutputStream().write("\"}".getBytes(StandardCharsets.US_ASCII));
    assertThat(status(last)).isEqualTo("HTTP/1.1 202 Accepted");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 9_000, 11_000, 16_300, 17_000, 500_000})
  void bodiesOfEveryLengthAreStored(int length) {
    submit(length);
  }

  @ParameterizedTest
  @CsvSource({"10,chunked", "5000,chunked", "10,known", "5000,known"})
  void andInPiecesOfAnySize(int length, String framing) throws IOException {
    String body = BEGIN + "x".repeat(length) + "\"}";
    boolean chunked = framing.equals("chunked");
    Socket socket =
        send(HEAD + (chunked ? "Transfer-Encoding: chunked" : "Content-Length: " + body.length()));
    socket.setTcpNoDelay(true);
    OutputStream out = socket.getOutputStream();
    out.write("\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    for (byte one : body.getBytes(StandardCharsets.US_ASCII)) {
      String piece = chunked ? "1\r\n" + (char) one + "\r\n" : String.valueOf((char) one);
      out.write(piece.getBytes(StandardCharsets.US_ASCII));
    }
    out.write((chunked ? "0\r\n\r\n" : "").getBytes(StandardCharsets.US_ASCII));

    assertThat(status(socket)).isEqualTo("HTTP/1.1 202 Accepted");
  }

  @ParameterizedTest
  @ValueSource(ints = {100, 50_000})
  void whoAsksWhetherToGoOnIsToldSo(int length) throws IOException {
    String body = BEGIN + "x".repeat(length) + "\"}";
    Socket socket =
        send(HEAD + "Expect: 100-continue\r\nContent-Length: " + body.length() + "\r\n\r\n");

    assertThat(status(socket)).isEqualTo("HTTP/1.1 100 Continue");
    assertThat(status(socket)).isEmpty();
    socket.getOutputStream().write(body.getBytes(StandardCharsets.US_ASCII));
    assertThat(status(socket)).isEqualTo("HTTP/1.1 202 Accepted");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Content-Length: 0", "Transfer-Encoding: chunked\r\n\r\n0", "X-None: 1"})
  void anEmptyBodyIsNoSubmission(String framing) throws IOException {
    assertThat(status(send(HEAD + framing + "\r\n\r\n"))).isEqualTo("HTTP/1.1 400 Bad Request");
  }

  private Socket send(String request) throws IOException {
    Socket client = new Socket(service.getHost(), service.getPort());
    client.setSoTimeout(20_000);
    clients.add(client);
    client.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    return client;
  }

  private double active() {
    return meters.get("http.server.active.requests").gauge().value();
  }

  /** The next line that the service sends. */
  private static String status(Socket socket) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int one; (one = socket.getInputStream().read()) != '\n' && one >= 0; ) {
      line.append((char) one);
    }
    return line.toString().strip();
  }

  private static void submit(int length) {
    given()
        .contentType(ContentType.JSON)
        .body(BEGIN + "x".repeat(length) + "\"}")
        .post("/api/v1/tasks")
        .then()
        .statusCode(202);
  }
}
