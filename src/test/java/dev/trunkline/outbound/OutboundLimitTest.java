package dev.trunkline.outbound;

import static dev.trunkline.outbound.Outside.HERE;
import static dev.trunkline.outbound.Outside.LOCAL;
import static dev.trunkline.outbound.Outside.OK;
import static dev.trunkline.outbound.Outside.countDown;
import static dev.trunkline.outbound.Outside.get;
import static dev.trunkline.outbound.Outside.say;
import static dev.trunkline.outbound.Outside.within;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class OutboundLimitTest {
  @Test
  void an_endless_body_is_cut_off_at_the_limit() throws Exception {
    try (RawServer server =
        RawServer.on(
            (head, out) -> {
              say(out, "HTTP/1.1 200 OK\r\n\r\n");
              endlessly(out, "x".repeat(8_000), Duration.ZERO);
            })) {
      assertThatThrownBy(() -> get(HERE, LOCAL, server.url("a.example", "/")))
          .isInstanceOf(OutboundException.Refused.class)
          .hasMessageContaining("larger than 100000 bytes");
      assertThat(server.sawHangUp()).isTrue();
    }
  }

  @ParameterizedTest
  @CsvSource({"100000, true", "100001, false"})
  void a_body_may_be_as_large_as_the_limit(int size, boolean read) throws Exception {
    try (RawServer server =
        RawServer.saying(
            "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s".formatted(size, "x".repeat(size)))) {
      Throwable fault = catchThrowable(() -> get(HERE, LOCAL, server.url("a.example", "/")));
      assertThat(fault == null).isEqualTo(read);
    }
  }

  @Test
  void a_gzip_bomb_is_counted_unpacked() throws Exception {
    byte[] bomb = gzip(new byte[50_000_000]);
    assertThat(bomb.length).isLessThan(100_000);
    try (RawServer server = RawServer.on((head, out) -> sayGzip(out, bomb))) {
      assertThatThrownBy(() -> get(HERE, LOCAL, server.url("a.example", "/")))
          .isInstanceOf(OutboundException.Refused.class)
          .hasMessageContaining("larger than");
    }
  }

  @Test
  void gzip_is_unpacked() throws Exception {
    byte[] packed = gzip("packed".getBytes(StandardCharsets.UTF_8));
    try (RawServer server = RawServer.on((head, out) -> sayGzip(out, packed))) {
      assertThat(get(HERE, LOCAL, server.url("a.example", "/")).body()).hasToString("packed");
    }
  }

  @Test
  void broken_gzip_is_a_fault_at_once() throws Exception {
    try (RawServer server =
        RawServer.on((head, out) -> sayGzip(out, "no gzip at all".getBytes()))) {
      assertThat(
              within(Duration.ofSeconds(3), () -> get(HERE, LOCAL, server.url("a.example", "/"))))
          .isInstanceOf(OutboundException.Failed.class);
    }
  }

  @Test
  void an_endless_header_is_refused() throws Exception {
    try (RawServer server =
        RawServer.on(
            (head, out) -> {
              say(out, "HTTP/1.1 200 OK\r\n");
              endlessly(out, "X-Y: " + "z".repeat(1_000) + "\r\n", Duration.ZERO);
            })) {
      assertThatThrownBy(() -> get(HERE, LOCAL, server.url("a.example", "/")))
          .isInstanceOf(OutboundException.Refused.class)
          .hasMessageContaining("header");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\n\r\n"})
  void a_slow_drip_ends_at_the_time_limit(String beginning) throws Exception {
    try (RawServer server =
        RawServer.on(
            (head, out) -> {
              say(out, beginning);
              endlessly(out, "x", Duration.ofMillis(50));
            })) {
      Settings quick = HERE.within(Duration.ofMillis(600));
      Throwable fault =
          within(Duration.ofMillis(1_500), () -> get(quick, LOCAL, server.url("a.example", "/")));

      assertThat(fault).isInstanceOf(OutboundException.Failed.class).hasMessageContaining("600 ms");
      assertThat(server.sawHangUp()).isTrue();
    }
  }

  @Test
  void the_time_limit_holds_for_all_redirects_together() throws Exception {
    try (RawServer server =
        RawServer.on(
            (head, out) -> {
              Thread.sleep(300);
              countDown(head, out);
            })) {
      Settings quick = HERE.within(Duration.ofMillis(700));
      assertThat(
              within(
                  Duration.ofMillis(1_500), () -> get(quick, LOCAL, server.url("127.0.0.1", "/5"))))
          .isInstanceOf(OutboundException.Failed.class);
    }
  }

  @Test
  void a_name_server_that_does_not_answer_ends_at_the_time_limit() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    Settings quick = HERE.within(Duration.ofMillis(300));

    assertThat(within(Duration.ofSeconds(2), () -> get(quick, hanging(never), "http://a.example/")))
        .isInstanceOf(OutboundException.Failed.class);
    never.countDown();
  }

  @Test
  void an_interrupt_ends_a_request_promptly_and_hangs_up() throws Exception {
    CountDownLatch arrived = new CountDownLatch(1);
    try (RawServer server =
        RawServer.on(
            (head, out) -> {
              say(out, "HTTP/1.1 200 OK\r\n\r\n");
              arrived.countDown();
              endlessly(out, "x", Duration.ofMillis(20));
            })) {
      assertThat(interrupted(arrived, LOCAL, server.url("a.example", "/")))
          .isInstanceOf(InterruptedException.class);
      assertThat(server.sawHangUp()).isTrue();
    }
  }

  @Test
  void an_interrupt_ends_a_lookup_promptly() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch never = new CountDownLatch(1);
    Resolver resolver =
        host -> {
          asked.countDown();
          return hanging(never).resolve(host);
        };
    assertThat(interrupted(asked, resolver, "http://a.example/"))
        .isInstanceOf(InterruptedException.class);
    never.countDown();
  }

  @Test
  void lookups_that_nobody_waits_for_any_more_are_not_made() throws Exception {
    CountDownLatch answering = new CountDownLatch(1);
    Set<String> asked = ConcurrentHashMap.newKeySet();
    Resolver slow =
        host -> {
          asked.add(host);
          return hanging(answering).resolve(host);
        };
    Settings hasty = HERE.within(Duration.ofMillis(300));
    List<Callable<Throwable>> requests = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      String url = "http://host-" + i + ".example/";
      requests.add(() -> catchThrowable(() -> get(hasty, slow, url)));
    }
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Throwable> fault : threads.invokeAll(requests)) {
        assertThat(fault.get()).isInstanceOf(OutboundException.Failed.class);
      }
    }
    answering.countDown();

    try (RawServer server = RawServer.saying(OK)) {
      assertThat(get(HERE, LOCAL, server.url("a.example", "/")).status()).isEqualTo(200);
    }
    assertThat(asked).as("as many as there are threads").hasSizeLessThan(20);
  }

  private static Throwable interrupted(CountDownLatch started, Resolver resolver, String url)
      throws Exception {
    CompletableFuture<Throwable> fault = new CompletableFuture<>();
    Thread caller =
        Thread.ofVirtual()
            .start(() -> fault.complete(catchThrowable(() -> get(HERE, resolver, url))));
    assertThat(started.await(5, TimeUnit.SECONDS)).isTrue();
    caller.interrupt();
    return fault.get(1, TimeUnit.SECONDS);
  }

  private static Resolver hanging(CountDownLatch latch) {
    return host -> {
      try {
        latch.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      throw new UnknownHostException(host);
    };
  }

  private static void sayGzip(OutputStream out, byte[] body) throws IOException {
    say(out, "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: ");
    say(out, body.length + "\r\n\r\n");
    out.write(body);
  }

  private static void endlessly(OutputStream out, String text, Duration pause) throws Exception {
    while (true) {
      say(out, text);
      Thread.sleep(pause);
    }
  }

  private static byte[] gzip(byte[] plain) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write(plain);
    }
    return packed.toByteArray();
  }
}
