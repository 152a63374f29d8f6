package dev.trunkline.submit;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a client asks for. What is left out is taken from the task's type.
 *
 * @param payload JSON text
 * @param delay until the first attempt, counted by the database's clock; at least zero
 * @param runAt when the first attempt is due; a past time means now; not together with delay
 * @param timeout of one attempt
 * @param expiresAt no attempt starts after this
 * @param callback the URL that is told when the task is final
 * @param idempotencyKey a promise that submissions under this key are the same one, 1 to 255
 *     characters (draft-ietf-httpapi-idempotency-key-header)
 * @param traceparent the W3C trace context of the submitter; null for the current one, if any
 */
public record Submission(
    String type,
    String payload,
    Optional<String> queue,
    Optional<Integer> priority,
    List<String> tags,
    Optional<Duration> delay,
    Optional<Instant> runAt,
    Optional<Integer> maxAttempts,
    Optional<Duration> timeout,
    Optional<Instant> expiresAt,
    Optional<String> callback,
    Optional<String> idempotencyKey,
    @Nullable String traceparent) {

  /** A submission without a callback. */
  public Submission(
      String type,
      String payload,
      Optional<String> queue,
      Optional<Integer> priority,
      List<String> tags,
      Optional<Duration> delay,
      Optional<Instant> runAt,
      Optional<Integer> maxAttempts,
      Optional<Duration> timeout,
      Optional<Instant> expiresAt,
      Optional<String> idempotencyKey,
      @Nullable String traceparent) {
    this(
        type,
        payload,
        queue,
        priority,
        tags,
        delay,
        runAt,
        maxAttempts,
        timeout,
        expiresAt,
        Optional.empty(),
        idempotencyKey,
        traceparent);
  }

  /** A submission that asks for nothing but the type's defaults. */
  public static Submission of(String type, String payload) {
    return new Submission(
        type,
        payload,
        Optional.empty(),
        Optional.empty(),
        List.of(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        null);
  }

  /** The same submission, of whose end this URL is told. */
  public Submission withCallback(String url) {
    return new Submission(
        type,
        payload,
        queue,
        priority,
        tags,
        delay,
        runAt,
        maxAttempts,
        timeout,
        expiresAt,
        Optional.of(url),
        idempotencyKey,
        traceparent);
  }
}
