package dev.trunkline.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trunkline.LogListener;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Of clients that begin with a body and do not end it. */
@QuarkusTest
@TestProfile(SilentBodiesResourceTest.Impatient.class)
class SilentBodiesResourceTest {

  private static final String HEAD =
      "POST /api/v1/tasks HTTP/1.1\r\nHost: here\r\nContent-Type: application/json\r\n";
  private static final String BEGIN = "{\"type\":\"noop\",\"payload\":\"";

  @TestHTTPResource URL service;

  @Inject MeterRegistry meters;

  /** A read timeout that a test can wait for. */
  public static final class Impatient implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of("quarkus.http.read-timeout", "500ms");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"Content-Length: 5000", "Content-Length: 50000", "Transfer-Encoding: chunked"})
  void oneThatFallsSilentLosesTheConnection(String framing) throws IOException {
    String chunk = framing.startsWith("Transfer") ? "5\r\n" : "";
    try (Socket socket = new Socket(service.getHost(), service.getPort())) {
      socket.setSoTimeout(20_000);
      String request = HEAD + framing + "\r\n\r\n" + chunk + BEGIN;
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));

      assertThat(socket.getInputStream().readAllBytes()).isEmpty();
    }
  }

  @Test
  void oneThatIsSilentBetweenTwoRequestsKeepsIt() throws Exception {
    String body = BEGIN + "x\"}";
    String request = HEAD + "Content-Length: " + body.length() + "\r\n\r\n" + body;
    try (Socket socket = new Socket(service.getHost(), service.getPort())) {
      for (int i = 0; i < 2; i++) {
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        awaitAnswer(socket);
        // As long as nothing comes: what would end the connection has a beginning to count from.
        Awaitility.await()
            .during(Duration.ofSeconds(1))
            .atMost(Duration.ofSeconds(5))
            .until(() -> isOpen(socket));
      }
    }
  }

  @Test
  void oneThatBreaksOffIsNoFaultOfTheService() throws Exception {
    try (LogListener log = new LogListener("")) {
      for (int length : new int[] {5_000, 50_000}) {
        Socket socket = new Socket(service.getHost(), service.getPort());
        String begin = HEAD + "Content-Length: " + length + "\r\n\r\n" + BEGIN;
        socket.getOutputStream().write(begin.getBytes(StandardCharsets.US_ASCII));
        awaitActive(1);
        // A reset, and no end.
        socket.setSoLinger(true, 0);
        socket.close();
        awaitActive(0);
      }
      // A worker that has just begun may warn, of a pooler for one.
      assertThat(log.heard())
          .filteredOn(line -> line.getLevel().intValue() >= Level.SEVERE.intValue())
          .extracting(LogRecord::getMessage)
          .isEmpty();
    }
  }

  private void awaitActive(int requests) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> meters.get("http.server.active.requests").gauge().value() == requests);
  }

  /** Reads it as far as it is there at first, which is as far as it goes. */
  private static void awaitAnswer(Socket socket) throws IOException {
    socket.setSoTimeout(20_000);
    byte[] answer = new byte[8_192];
    int length = socket.getInputStream().read(answer);
    assertThat(new String(answer, 0, length, StandardCharsets.US_ASCII)).startsWith("HTTP/1.1 202");
  }

  private static boolean isOpen(Socket socket) throws IOException {
    socket.setSoTimeout(10);
    try {
      return socket.getInputStream().read() >= 0;
    } catch (SocketTimeoutException e) {
      return true;
    }
  }
}
