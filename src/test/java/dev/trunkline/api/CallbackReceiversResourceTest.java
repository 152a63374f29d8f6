package dev.trunkline.api;

import static io.restassured.RestAssured.given;
import static io.restassured.RestAssured.when;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.oneOf;

import dev.trunkline.outbound.RawServer;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of callbacks by what their receivers say, and how fast. */
@QuarkusTest
class CallbackReceiversResourceTest {

  private static final String QUEUE = "/api/v1/queues/callbacks";

  @Inject DataSource dataSource;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "HTTP/1.1 410 X\\r\\nContent-Length: 0\\r\\n\\r\\n|failed|status 410",
        "HTTP/1.1 404 X\\r\\nContent-Length: 0\\r\\n\\r\\n|scheduled|status 404",
        "HTTP/1.1 302 X\\r"
            + "\\n"
            + "Location: /next\\r"
            + "\\n"
            + "Content-Length: 0\\r"
            + "\\n"
            + "\\r"
            + "\\n"
            + "|scheduled|status 302",
        "HTTP/1.1 429 X\\r"
            + "\\n"
            + "Retry-After: 600\\r"
            + "\\n"
            + "Content-Length: 0\\r"
            + "\\n"
            + "\\r"
            + "\\n"
            + "|scheduled|status 429",
        "nonsense|scheduled|broke before the answer was complete",
      })
  void onlyA2xxIsADeliveryAndOnlyA410EndsIt(String answer, String state, String message)
      throws Exception {
    try (RawServer receiver = RawServer.saying(answer.replace("\\r\\n", "\r\n"))) {
      String id = Callbacks.submit("noop", "1", Callbacks.url(receiver));
      Callbacks.until(() -> Callbacks.of(id).then().body("items[0].error", notNullValue()));

      Callbacks.of(id)
          .then()
          // Another attempt may have begun already.
          .body(
              "items[0].state",
              state.equals("scheduled") ? oneOf("scheduled", "queued", "running") : equalTo(state))
          .body("items[0].error.message", containsString(message));
      assertThat(receiver.heads().stream().map(List::getFirst))
          .doesNotContain("POST /next HTTP/1.1");
    }
  }

  @Test
  void aReceiverWithoutAnEndIsLeftAfterItsHead() throws Exception {
    try (RawServer receiver =
        RawServer.on(
            (head, out) -> {
              out.write("HTTP/1.1 200 X\r\n\r\n".getBytes(StandardCharsets.UTF_8));
              while (true) {
                out.write(new byte[10_000]);
              }
            })) {
      String id = Callbacks.submit("noop", "1", Callbacks.url(receiver));

      Callbacks.until(() -> Callbacks.of(id).then().body("items[0].state", equalTo("succeeded")));
      assertThat(receiver.sawHangUp()).isTrue();
    }
  }

  @Test
  void oneSlowReceiverDoesNotHoldUpAnother() throws Exception {
    AtomicInteger hanging = new AtomicInteger();
    CountDownLatch release = new CountDownLatch(1);
    try (RawServer quick = RawServer.saying(Callbacks.OK);
        RawServer slow = RawServer.on((head, out) -> hang(hanging, out, release))) {
      try {
        submitMany(300, slow.url("127.0.0.1", "/"));
        Callbacks.until(() -> assertThat(hanging).hasValue(10));
        submitMany(20, quick.url("127.0.0.1", "/"));

        Callbacks.until(() -> assertThat(quick.bodies()).hasSize(20));
        Callbacks.until(() -> assertThat(hanging).hasValue(10));
        // Those who are given up hang up, and as many others come.
        assertThat(slow.heads()).hasSizeLessThan(100);
      } finally {
        release.countDown();
      }
    }
  }

  @Test
  void whileTheirQueueIsPausedNothingIsDeliveredAndNothingIsLost() throws Exception {
    try (RawServer receiver = RawServer.saying(Callbacks.OK)) {
      given().post(QUEUE + "/pause").then().statusCode(200);
      try {
        String id = Callbacks.submit("noop", "1", Callbacks.url(receiver));
        Callbacks.until(() -> Callbacks.of(id).then().body("items", hasSize(1)));
        String delivery = Callbacks.of(id).path("items[0].id");

        when()
            .get(Callbacks.TASKS + delivery + "/explain")
            .then()
            .body("reason", equalTo("queue-paused"));
        Callbacks.of(id).then().body("items[0].state", equalTo("queued"));
      } finally {
        given().post(QUEUE + "/resume").then().statusCode(200);
      }
      Callbacks.until(() -> assertThat(receiver.bodies()).hasSize(1));
    }
  }

  /** An answer that never begins, for as long as somebody waits for it. */
  private static void hang(AtomicInteger hanging, OutputStream out, CountDownLatch release)
      throws Exception {
    hanging.incrementAndGet();
    try {
      out.write("HTTP/1.1 410 X\r\nX-Y: ".getBytes(StandardCharsets.UTF_8));
      while (!release.await(50, TimeUnit.MILLISECONDS)) {
        out.write('x');
        out.flush();
      }
      out.write("\r\n\r\n".getBytes(StandardCharsets.UTF_8));
    } finally {
      hanging.decrementAndGet();
    }
  }

  private void submitMany(int count, String url) throws SQLException {
    try (Connection connection = dataSource.getConnection();
        PreparedStatement submit =
            connection.prepareStatement(
                """
                select trunkline.submit('noop', '1',
                  callback => jsonb_build_object('url', ?::text))
                from generate_series(1, ?)
                """)) {
      submit.setString(1, url);
      submit.setInt(2, count);
      submit.execute();
    }
  }
}
