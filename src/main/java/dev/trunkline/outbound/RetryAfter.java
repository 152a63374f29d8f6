package dev.trunkline.outbound;

import io.netty.handler.codec.DateFormatter;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Optional;
import java.util.regex.Pattern;

/** The {@code Retry-After} header (RFC 9110, 10.2.3): seconds, or one of the three HTTP dates. */
final class RetryAfter {

  /** No host puts a task off for longer than this. */
  static final Duration LONGEST = Duration.ofDays(1);

  private static final Pattern SECONDS = Pattern.compile("[0-9]+");
  private static final int SECONDS_DIGITS = 9;

  private RetryAfter() {}

  /** The wait from now on, zero to {@link #LONGEST}; empty for a value that is neither form. */
  static Optional<Duration> parse(String value, Instant now) {
    String text = value.strip();
    return wait(text, now).map(RetryAfter::bounded);
  }

  private static Optional<Duration> wait(String text, Instant now) {
    if (SECONDS.matcher(text).matches()) {
      return Optional.of(text.length() > SECONDS_DIGITS ? LONGEST : seconds(text));
    }
    return Optional.ofNullable(DateFormatter.parseHttpDate(text))
        .map(Date::toInstant)
        .map(date -> Duration.between(now, date));
  }

  private static Duration seconds(String digits) {
    return Duration.ofSeconds(Long.parseLong(digits));
  }

  private static Duration bounded(Duration wait) {
    if (wait.isNegative()) {
      return Duration.ZERO;
    }
    return wait.compareTo(LONGEST) > 0 ? LONGEST : wait;
  }
}
