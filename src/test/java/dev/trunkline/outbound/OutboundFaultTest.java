package dev.trunkline.outbound;

import static dev.trunkline.outbound.Outside.HERE;
import static dev.trunkline.outbound.Outside.LOCAL;
import static dev.trunkline.outbound.Outside.get;
import static dev.trunkline.outbound.Outside.within;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.netty.handler.codec.DateFormatter;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class OutboundFaultTest {
  @Test
  void a_name_without_an_address_may_have_one_later() {
    Resolver nobody =
        host -> {
          throw new UnknownHostException(host);
        };
    assertThatThrownBy(() -> get(HERE, nobody, "http://a.example/"))
        .isInstanceOf(OutboundException.Failed.class)
        .hasMessageContaining("has no address");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort",
        "HTTP/1.1 2",
        "nonsense\r\n\r\n"
      })
  void a_broken_answer_is_a_fault_that_may_pass(String answer) throws Exception {
    try (RawServer server = RawServer.saying(answer)) {
      assertThat(
              within(Duration.ofSeconds(3), () -> get(HERE, LOCAL, server.url("a.example", "/"))))
          .isInstanceOf(OutboundException.Failed.class);
    }
  }

  @ParameterizedTest
  @CsvSource({"500, 7, PT7S", "503, 7, PT7S", "429, 7, PT7S", "502, nonsense, "})
  void faults_of_the_host_may_be_retried(int status, String retryAfter, Duration wait)
      throws Exception {
    Throwable fault = fault(status, retryAfter);

    assertThat(fault).isInstanceOf(OutboundException.Failed.class);
    assertThat(((OutboundException.Failed) fault).retryAfter().orElse(null)).isEqualTo(wait);
  }

  @Test
  void retry_after_may_be_a_date() throws Exception {
    String date = DateFormatter.format(Date.from(Instant.now().plusSeconds(100)));
    OutboundException.Failed fault = (OutboundException.Failed) fault(429, date);

    assertThat(fault.retryAfter().orElseThrow())
        .isBetween(Duration.ofSeconds(90), Duration.ofSeconds(100));
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 401, 404, 408, 410, 304, 300})
  void every_other_status_is_final(int status) throws Exception {
    assertThat(fault(status, "1")).isInstanceOf(OutboundException.Refused.class);
  }

  private static Throwable fault(int status, String retryAfter) throws Exception {
    try (RawServer server =
        RawServer.saying(
            "HTTP/1.1 %d X\r\nRetry-After: %s\r\nContent-Length: 0\r\n\r\n"
                .formatted(status, retryAfter))) {
      OutboundResponse answer = get(HERE, LOCAL, server.url("a.example", "/"));
      return catchThrowable(answer::successful);
    }
  }
}
