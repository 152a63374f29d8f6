package dev.trunkline.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientOptions;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** What the tests of outgoing requests share: a client that finds every name at 127.0.0.1. */
final class Outside {

  /** Lives as long as the JVM of the tests. */
  static final Vertx VERTX = Vertx.vertx();

  static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
  static final Settings HERE = Settings.allowing("127.0.0.1");
  static final Resolver LOCAL = host -> addresses("127.0.0.1");

  interface Call {
    Object run() throws Exception;
  }

  static Throwable within(Duration limit, Call call) {
    Instant start = Instant.now();
    Throwable fault = catchThrowable(call::run);
    assertThat(Duration.between(start, Instant.now())).isLessThan(limit);
    return fault;
  }

  static OutboundResponse get(Settings settings, Resolver resolver, String url) throws Exception {
    return client(settings, resolver).send(OutboundRequest.get(url, Map.of()));
  }

  static OutboundClient client(Settings settings, Resolver resolver) {
    return new OutboundClient(VERTX, settings, resolver, new HttpClientOptions());
  }

  static List<InetAddress> addresses(String... literals) {
    return List.of(literals).stream().map(InetAddress::ofLiteral).toList();
  }

  static void countDown(List<String> head, OutputStream out) throws IOException {
    int left = Integer.parseInt(head.getFirst().split(" ")[1].substring(1));
    say(out, left == 0 ? OK : redirect(302, "/" + (left - 1)));
  }

  static String redirect(int status, String location) {
    return "HTTP/1.1 %d X\r\nLocation: %s\r\nContent-Length: 0\r\n\r\n".formatted(status, location);
  }

  static void say(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    out.flush();
  }

  private Outside() {}
}
