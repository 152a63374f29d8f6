package dev.trunkline.handlers.echo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.trunkline.handlers.Recorder;
import dev.trunkline.task.Outcome;
import jakarta.validation.Validation;
import jakarta.validation.Validator;
import jakarta.validation.ValidatorFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EchoHandlerTest {

  private final Recorder context = new Recorder();
  private final EchoHandler handler = new EchoHandler();

  @Test
  void five_lines_take_four_pauses() throws Exception {
    Instant start = Instant.now();
    Outcome<Echoed> outcome = handler.handle(new Echo("hi", 5), context);
    Duration took = Duration.between(start, Instant.now());

    assertThat(outcome)
        .isEqualTo(Outcome.succeeded(new Echoed(List.of("hi", "hi", "hi", "hi", "hi"))));
    assertThat(took).isBetween(Duration.ofMillis(795), Duration.ofMillis(1_500));
  }

  @Test
  void one_line_takes_none() throws Exception {
    Instant start = Instant.now();
    handler.handle(new Echo("hi", 1), context);

    assertThat(Duration.between(start, Instant.now())).isLessThan(EchoHandler.PAUSE);
  }

  @Test
  void every_line_is_reported() throws Exception {
    handler.handle(new Echo("hi", 2), context);

    assertThat(context.reports()).containsExactly("50 line 1 of 2", "100 line 2 of 2");
  }

  @Test
  void an_interrupt_ends_it_at_once() {
    Thread.currentThread().interrupt();

    assertThatThrownBy(() -> handler.handle(new Echo("hi", 10_000), context))
        .isInstanceOf(InterruptedException.class);
    assertThat(context.reports()).hasSize(1);
  }

  @Test
  void lines_that_are_too_much_together_are_given_up() throws Exception {
    assertThat(handler.handle(new Echo("x".repeat(101), 10_000), context))
        .isEqualTo(Outcome.giveUp(Echo.TOO_LONG));
  }

  @ParameterizedTest
  @CsvSource({"1,1,0", "10000,100,0", "10001,1,1", "1,0,1", "1,10001,1", "101,10000,1"})
  void the_limits_stand_in_the_payload(int length, int time, int faults) {
    try (ValidatorFactory factory = Validation.buildDefaultValidatorFactory()) {
      Validator validator = factory.getValidator();
      assertThat(validator.validate(new Echo("x".repeat(length), time))).hasSize(faults);
    }
  }

  @Test
  void a_missing_text_is_one_fault() throws Exception {
    try (ValidatorFactory factory = Validation.buildDefaultValidatorFactory()) {
      Echo payload = new ObjectMapper().readValue("{\"text\":null,\"time\":1}", Echo.class);
      assertThat(factory.getValidator().validate(payload)).hasSize(1);
    }
  }

  @Test
  void the_result_is_written_as_lines() throws Exception {
    assertThat(new ObjectMapper().writeValueAsString(new Echoed(List.of("a", "b"))))
        .isEqualTo("{\"lines\":[\"a\",\"b\"]}");
  }

  @Test
  void the_check_of_the_length_is_no_part_of_the_json() throws Exception {
    assertThat(new ObjectMapper().writeValueAsString(new Echo("a", 1)))
        .isEqualTo("{\"text\":\"a\",\"time\":1}");
  }
}
