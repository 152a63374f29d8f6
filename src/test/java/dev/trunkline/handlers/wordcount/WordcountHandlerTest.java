package dev.trunkline.handlers.wordcount;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.trunkline.config.TestConfig;
import dev.trunkline.config.TrunklineConfig;
import dev.trunkline.handlers.Recorder;
import dev.trunkline.outbound.OutboundClient;
import dev.trunkline.outbound.RawServer;
import dev.trunkline.task.Outcome;
import io.vertx.core.Vertx;
import jakarta.validation.Validation;
import jakarta.validation.ValidatorFactory;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(30)
class WordcountHandlerTest {

  private static final Vertx VERTX = Vertx.vertx();
  private static final String PAGE = "<title>No</title><p>The sea, the <b>Sea</b>s";

  private final Recorder context = new Recorder();

  @AfterAll
  static void stop() {
    VERTX.close();
  }

  @Test
  void a_page_is_fetched_and_counted() throws Exception {
    try (RawServer server = RawServer.saying(answer("200", "text/html", PAGE))) {
      String url = server.url("127.0.0.1", "/");
      Outcome<Wordcount> outcome = handle("127.0.0.1", new WordcountPayload(url, null, null));

      assertThat(outcome)
          .isEqualTo(
              Outcome.succeeded(new Wordcount(url, 4, 3, Map.of("the", 2, "sea", 1, "seas", 1))));
      assertThat(context.reports()).containsExactly("50 fetched", "100 counted");
    }
  }

  @Test
  void the_result_is_written_most_frequent_first() throws Exception {
    try (RawServer server = RawServer.saying(answer("200", "text/plain", "b a c c"))) {
      Outcome<Wordcount> outcome =
          handle("127.0.0.1", new WordcountPayload(server.url("127.0.0.1", "/"), null, 2));

      assertThat(new ObjectMapper().writeValueAsString(((Outcome.Succeeded<?>) outcome).result()))
          .endsWith("\"total\":4,\"distinct\":3,\"counts\":{\"c\":2,\"a\":1}}");
    }
  }

  @ParameterizedTest
  @CsvSource({"THE, the, 2", "ocean, ocean, 0"})
  void one_word_alone_is_counted(String word, String normal, int count) throws Exception {
    try (RawServer server = RawServer.saying(answer("200", "text/html", PAGE))) {
      String url = server.url("127.0.0.1", "/");

      assertThat(handle("127.0.0.1", new WordcountPayload(url, word, null)))
          .isEqualTo(Outcome.succeeded(new Wordcount(url, 4, 3, Map.of(normal, count))));
    }
  }

  @ParameterizedTest
  @CsvSource({"two words", "!", "well-known"})
  void what_is_not_one_word_is_given_up(String word) throws Exception {
    assertThat(handle("", new WordcountPayload("http://a.example/", word, null)))
        .isEqualTo(Outcome.giveUp("word must be a single word, not: " + word));
  }

  @ParameterizedTest
  @CsvSource({"image/png", "application/pdf", "application/json", "text/css"})
  void what_has_no_words_is_given_up(String type) throws Exception {
    assertThat(answered(answer("200", type, "x")))
        .isEqualTo(Outcome.giveUp("only HTML and plain text have words to count, not " + type));
  }

  @Test
  void an_encoding_that_cannot_be_unpacked_is_given_up() throws Exception {
    assertThat(answered("HTTP/1.1 200 X\r\nContent-Encoding: zst\r\nContent-Length: 1\r\n\r\nx"))
        .isEqualTo(Outcome.giveUp("the answer is in an unknown encoding: zst"));
  }

  @Test
  void a_missing_page_is_given_up() throws Exception {
    assertThat(answered(answer("404", "text/html", PAGE)))
        .isEqualTo(Outcome.giveUp("the host answered with status 404"));
  }

  @Test
  void a_busy_host_is_asked_again_when_it_wants() throws Exception {
    assertThat(answered("HTTP/1.1 429 X\r\nRetry-After: 9\r\nContent-Length: 0\r\n\r\n"))
        .isEqualTo(Outcome.retryLater("the host answered with status 429", Duration.ofSeconds(9)));
  }

  @Test
  void a_fault_is_retried_after_the_policy() throws Exception {
    assertThat(((Outcome.RetryLater<?>) answered("")).delay()).isEmpty();
  }

  @Test
  void a_forbidden_address_is_given_up() throws Exception {
    assertThat(handle("", new WordcountPayload("http://169.254.169.254/", null, null)))
        .isInstanceOf(Outcome.GiveUp.class);
  }

  @ParameterizedTest
  @CsvSource({
    "http://a.example/, 1, 0", "http://a.example/, 1000, 0", "http://a.example/, 0, 1",
    "http://a.example/, 1001, 1", "ftp://a.example/, 1, 1", "a.example, 1, 1",
    "http://u:p@a.example/, 1, 1", "/relative, 1, 1"
  })
  void the_limits_stand_in_the_payload(String url, int top, int faults) {
    try (ValidatorFactory factory = Validation.buildDefaultValidatorFactory()) {
      assertThat(factory.getValidator().validate(new WordcountPayload(url, null, top)))
          .hasSize(faults);
    }
  }

  private Outcome<Wordcount> answered(String answer) throws Exception {
    try (RawServer server = RawServer.saying(answer)) {
      return handle("127.0.0.1", new WordcountPayload(server.url("127.0.0.1", "/"), null, null));
    }
  }

  private Outcome<Wordcount> handle(String allow, WordcountPayload payload) throws Exception {
    TrunklineConfig config = TestConfig.with(Map.of("trunkline.outbound.allow", allow));
    return new WordcountHandler(new OutboundClient(VERTX, config)).handle(payload, context);
  }

  private static String answer(String status, String type, String body) {
    return "HTTP/1.1 %s X\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s"
        .formatted(status, type, body.length(), body);
  }
}
