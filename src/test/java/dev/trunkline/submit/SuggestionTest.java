package dev.trunkline.submit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SuggestionTest {

  private static final List<String> FIELDS =
      List.of(
          "type",
          "payload",
          "queue",
          "priority",
          "tags",
          "delay",
          "runAt",
          "maxAttempts",
          "timeout",
          "expiresAt",
          "callback");

  @ParameterizedTest
  @CsvSource({
    "priorty, priority",
    "Priority, priority",
    "prio, priority",
    "run_at, runAt",
    "max_attempts, maxAttempts",
    "maxattempt, maxAttempts",
    "expires, expiresAt",
    "tag, tags",
    "typ, type",
    "time-out, timeout",
    "quueue, queue",
    "paylaod, payload",
  })
  void a_slip_of_the_pen_is_understood(String given, String meant) {
    assertThat(Suggestion.among(given, FIELDS)).contains(meant);
    assertThat(Suggestion.unknown("field", given, FIELDS))
        .isEqualTo("is not a known field, did you mean \"" + meant + "\"?");
  }

  @ParameterizedTest
  @ValueSource(strings = {"foo", "", "x", "id", "fen", "🙂", "\u0000"})
  void nobody_is_sent_astray(String given) {
    assertThat(Suggestion.unknown("field", given, FIELDS))
        .isEqualTo(
            "is not a known field; known are callback, delay, expiresAt, maxAttempts, payload,"
                + " priority, queue, runAt, tags, timeout, type");
  }

  @Test
  void a_very_long_name_is_not_compared() {
    assertThat(Suggestion.among("priority".repeat(100_000), FIELDS)).isEmpty();
  }

  @Property
  void what_is_suggested_is_known(@ForAll String given) {
    assertThat(FIELDS).containsAll(Suggestion.among(given, FIELDS).stream().toList());
  }
}
