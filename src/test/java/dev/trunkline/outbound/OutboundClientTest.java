package dev.trunkline.outbound;

import static dev.trunkline.outbound.Outside.HERE;
import static dev.trunkline.outbound.Outside.LOCAL;
import static dev.trunkline.outbound.Outside.OK;
import static dev.trunkline.outbound.Outside.addresses;
import static dev.trunkline.outbound.Outside.client;
import static dev.trunkline.outbound.Outside.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.vertx.core.buffer.Buffer;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class OutboundClientTest {
  @Test
  void an_answer_comes_with_status_headers_and_body() throws Exception {
    try (RawServer server = RawServer.saying(OK)) {
      OutboundResponse answer = get(HERE, LOCAL, server.url("name.example", "/a?b=c"));

      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.header("content-length")).contains("2");
      assertThat(answer.body()).hasToString("ok");
      assertThat(server.heads().getFirst())
          .contains("GET /a?b=c HTTP/1.1", "Host: name.example:" + server.port())
          .contains("User-Agent: Trunkline");
    }
  }

  @Test
  void without_being_allowed_the_loopback_is_refused_and_never_connected_to() throws Exception {
    try (RawServer server = RawServer.saying(OK)) {
      for (String host : List.of("127.0.0.1", "localhost", "localhost.", "name.example")) {
        assertThatThrownBy(() -> get(Settings.allowing(), LOCAL, server.url(host, "/")))
            .isInstanceOf(OutboundException.Refused.class);
      }
      assertThat(server.heads()).isEmpty();
    }
  }

  @Test
  void a_resolver_that_changes_its_answer_never_leads_to_the_second_address() throws Exception {
    try (RawServer server = RawServer.saying(OK)) {
      AtomicInteger lookups = new AtomicInteger();
      Resolver rebinding =
          host -> addresses(lookups.incrementAndGet() == 1 ? "127.0.0.2" : "127.0.0.1");
      Settings allowed = Settings.allowing("127.0.0.2");

      Throwable fault =
          catchThrowable(() -> get(allowed, rebinding, server.url("rebind.example", "/")));

      assertThat(fault).isInstanceOf(OutboundException.Failed.class);
      assertThat(lookups).hasValue(1);
      assertThat(server.heads()).isEmpty();
      assertThatThrownBy(() -> get(allowed, rebinding, server.url("rebind.example", "/")))
          .isInstanceOf(OutboundException.Refused.class);
    }
  }

  @Test
  void the_connection_goes_to_the_checked_address_and_not_to_what_the_name_means()
      throws Exception {
    // The operating system says that localhost is 127.0.0.1; our resolver says 127.0.0.2.
    try (RawServer server = RawServer.saying(OK)) {
      assertThatThrownBy(
              () ->
                  get(
                      Settings.allowing("127.0.0.0/8"),
                      host -> addresses("127.0.0.2"),
                      server.url("localhost", "/")))
          .isInstanceOf(OutboundException.Failed.class);
    }
  }

  @Test
  void the_next_address_is_tried_where_nobody_listens() throws Exception {
    try (RawServer server = RawServer.saying(OK)) {
      Resolver two = host -> addresses("127.0.0.2", "127.0.0.1");

      assertThat(get(Settings.allowing("127.0.0.0/8"), two, server.url("two.example", "/")).body())
          .hasToString("ok");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "Host; a",
        "Content-Length; 1",
        "transfer-encoding; chunked",
        "Connection; x",
        "X Y; z",
        "Proxy-Authorization; x"
      })
  void headers_that_frame_the_message_are_refused(String name, String value) {
    assertThatThrownBy(
            () ->
                client(HERE, LOCAL)
                    .send(OutboundRequest.get("http://a.example/", Map.of(name, value))))
        .isInstanceOf(OutboundException.Refused.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\r\nHost: b", "a\nb", "a\0b", "\u0100"})
  void header_values_cannot_start_another_line(String value) {
    assertThatThrownBy(
            () ->
                client(HERE, LOCAL)
                    .send(OutboundRequest.get("http://a.example/", Map.of("X", value))))
        .isInstanceOf(OutboundException.Refused.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"CONNECT", "TRACE", "GET /x", "", "get"})
  void odd_methods_are_refused(String method) {
    assertThatThrownBy(
            () ->
                client(HERE, LOCAL)
                    .send(
                        new OutboundRequest(
                            method, "http://a.example/", Map.of(), Buffer.buffer(), true)))
        .isInstanceOf(OutboundException.Refused.class);
  }

  @ParameterizedTest
  @CsvSource({"POST, '', true", "PUT, '', true", "POST, body, true", "GET, '', false"})
  void a_body_is_announced_where_the_method_has_one(String method, String body, boolean announced)
      throws Exception {
    try (RawServer server = RawServer.saying(OK)) {
      client(HERE, LOCAL)
          .send(
              new OutboundRequest(
                  method, server.url("a.example", "/"), Map.of(), Buffer.buffer(body), true));

      assertThat(
              server.heads().getFirst().stream()
                  .anyMatch(line -> line.equalsIgnoreCase("content-length: " + body.length())))
          .isEqualTo(announced);
    }
  }

  @Test
  void many_requests_at_once_lose_no_answer() throws Exception {
    try (RawServer server = RawServer.saying(OK);
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      OutboundClient client = client(HERE, LOCAL);
      Callable<OutboundResponse> call =
          () -> client.send(OutboundRequest.get(server.url("a.example", "/"), Map.of()));

      for (Future<OutboundResponse> answer : threads.invokeAll(Collections.nCopies(300, call))) {
        assertThat(answer.get().body()).hasToString("ok");
      }
    }
  }
}
