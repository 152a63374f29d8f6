package dev.trunkline.outbound;

import static dev.trunkline.outbound.Outside.HERE;
import static dev.trunkline.outbound.Outside.LOCAL;
import static dev.trunkline.outbound.Outside.OK;
import static dev.trunkline.outbound.Outside.addresses;
import static dev.trunkline.outbound.Outside.client;
import static dev.trunkline.outbound.Outside.get;
import static dev.trunkline.outbound.Outside.redirect;
import static dev.trunkline.outbound.Outside.say;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class OutboundRedirectTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://169.254.169.254/latest/meta-data/", "http://127.0.0.2/", "http://[::1]/",
        "http://0x7f000001/", "http://private.example/", "//private.example/"
      })
  void a_redirect_to_a_forbidden_address_is_refused(String location) throws Exception {
    Resolver resolver =
        host -> addresses(host.equals("private.example") ? "127.0.0.2" : "127.0.0.1");
    try (RawServer server = RawServer.saying(redirect(302, location))) {
      assertThatThrownBy(() -> get(HERE, resolver, server.url("public.example", "/")))
          .isInstanceOf(OutboundException.Refused.class);
      assertThat(server.heads()).hasSize(1);
    }
  }

  @Test
  void a_host_that_is_allowed_by_name_does_not_open_the_others() throws Exception {
    try (RawServer server = RawServer.on(OutboundRedirectTest::redirectToOther)) {
      assertThatThrownBy(
              () ->
                  get(Settings.allowing("first.example"), LOCAL, server.url("first.example", "/")))
          .isInstanceOf(OutboundException.Refused.class)
          .hasMessageContaining("other.example");
    }
  }

  @Test
  void redirects_are_followed_up_to_the_limit() throws Exception {
    try (RawServer server = RawServer.on(Outside::countDown)) {
      OutboundResponse answer = get(HERE, LOCAL, server.url("a.example", "/5"));

      assertThat(answer.url()).isEqualTo(server.url("a.example", "/0"));
      assertThatThrownBy(() -> get(HERE, LOCAL, server.url("a.example", "/6")))
          .isInstanceOf(OutboundException.Refused.class)
          .hasMessage("more than 5 redirects");
    }
  }

  @Test
  void redirects_in_a_circle_are_refused() throws Exception {
    try (RawServer server = RawServer.saying(redirect(301, "/"))) {
      assertThatThrownBy(() -> get(HERE, LOCAL, server.url("a.example", "/")))
          .isInstanceOf(OutboundException.Refused.class)
          .hasMessageContaining("circle");
    }
  }

  @Test
  void a_redirect_is_handed_over_when_it_is_not_to_be_followed() throws Exception {
    try (RawServer server = RawServer.saying(redirect(302, "/x"))) {
      OutboundRequest request =
          new OutboundRequest(
              "GET", server.url("a.example", "/"), Map.of(), Buffer.buffer(), false);

      assertThat(client(HERE, LOCAL).send(request).status()).isEqualTo(302);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "301, POST, GET",
    "302, POST, GET",
    "303, POST, GET",
    "307, POST, POST",
    "308, PUT, PUT",
    "301, PUT, PUT",
    "303, HEAD, HEAD"
  })
  void a_redirect_keeps_or_drops_the_body(int status, String method, String second)
      throws Exception {
    String body = method.equals("HEAD") ? "" : "body";
    try (RawServer server =
        RawServer.on(
            (head, out) ->
                say(out, head.getFirst().contains("/next ") ? OK : redirect(status, "/next")))) {
      client(HERE, LOCAL)
          .send(
              new OutboundRequest(
                  method,
                  server.url("a.example", "/"),
                  Map.of("Content-Type", "text/plain"),
                  Buffer.buffer(body),
                  true));

      List<String> last = server.heads().getLast();
      assertThat(last.getFirst()).isEqualTo(second + " /next HTTP/1.1");
      assertThat(last.contains("Content-Type: text/plain")).isEqualTo(second.equals(method));
    }
  }

  @ParameterizedTest
  @CsvSource({"a.example, true", "other.example, false"})
  void secrets_stay_with_the_first_origin(String host, boolean kept) throws Exception {
    AtomicInteger port = new AtomicInteger();
    try (RawServer server =
        RawServer.on(
            (head, out) ->
                say(
                    out,
                    head.getFirst().contains("/next ")
                        ? OK
                        : redirect(302, "http://" + host + ":" + port + "/next")))) {
      port.set(server.port());
      client(HERE, LOCAL)
          .send(
              OutboundRequest.get(
                  server.url("a.example", "/"),
                  Map.of("Authorization", "x", "X-Api-Key", "y", "Accept", "text/html")));

      assertThat(server.heads().getLast()).contains("Accept: text/html");
      assertThat(server.heads().getLast().contains("Authorization: x")).isEqualTo(kept);
      assertThat(server.heads().getLast().contains("X-Api-Key: y")).isEqualTo(kept);
    }
  }

  private static void redirectToOther(List<String> head, OutputStream out) throws IOException {
    say(out, redirect(302, "http://other.example/"));
  }
}
