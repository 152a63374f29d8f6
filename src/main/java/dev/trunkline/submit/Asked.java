package dev.trunkline.submit;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;

/**
 * The options of a submission that were given, as JSON: with type and payload what an idempotency
 * key stands for. {@code trunkline.submit} builds the same text of the same options, so that keys
 * have one scope; what is left to the type is left out, since its defaults may change.
 */
final class Asked {

  private static final int MICROSECONDS = 6;

  private Asked() {}

  static String json(Submission submission) {
    ObjectNode asked = JsonNodeFactory.instance.objectNode();
    submission.queue().ifPresent(queue -> asked.put("queue", queue));
    submission.priority().ifPresent(priority -> asked.put("priority", priority));
    if (!submission.tags().isEmpty()) {
      submission.tags().forEach(asked.putArray("tags")::add);
    }
    submission.delay().ifPresent(delay -> asked.put("delay", seconds(delay)));
    submission.runAt().ifPresent(time -> asked.put("runAt", seconds(time)));
    submission.maxAttempts().ifPresent(attempts -> asked.put("maxAttempts", attempts));
    submission.timeout().ifPresent(timeout -> asked.put("timeout", seconds(timeout)));
    submission.expiresAt().ifPresent(time -> asked.put("expiresAt", seconds(time)));
    submission.callback().ifPresent(url -> asked.putObject("callback").put("url", url));
    return asked.toString();
  }

  private static BigDecimal seconds(Instant time) {
    return seconds(time.getEpochSecond(), time.getNano());
  }

  private static BigDecimal seconds(Duration duration) {
    return seconds(duration.getSeconds(), duration.getNano());
  }

  /** With six digits behind the point, as PostgreSQL's {@code extract(epoch from …)} has it. */
  private static BigDecimal seconds(long seconds, int nanos) {
    return BigDecimal.valueOf(seconds)
        .setScale(MICROSECONDS)
        .add(BigDecimal.valueOf(nanos / 1_000, MICROSECONDS));
  }
}
