package dev.trunkline.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryAfterTest {

  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "120; PT2M",
        " 0 ; PT0S",
        "99999; PT24H",
        "99999999999999999999; PT24H",
        "Sun, 01 Mar 2026 12:00:30 GMT; PT30S",
        "Sunday, 01-Mar-26 12:00:30 GMT; PT30S",
        "Sun Mar  1 12:00:30 2026; PT30S",
        "Sun, 01 Mar 2026 11:00:00 GMT; PT0S",
        "Sun, 01 Mar 2099 11:00:00 GMT; PT24H"
      })
  void seconds_and_all_three_dates_are_understood(String value, Duration wait) {
    assertThat(RetryAfter.parse(value, NOW)).contains(wait);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-1", "1.5", "soon", "PT5S", "9999-99-99"})
  void anything_else_says_nothing(String value) {
    assertThat(RetryAfter.parse(value, NOW)).isEmpty();
  }
}
