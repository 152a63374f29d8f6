package dev.trunkline.task;

import java.lang.reflect.Type;
import java.time.Duration;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A kind of task: its name, what it takes and answers, and what holds for a task that does not say
 * otherwise. Made with {@link #named} and refined with the {@code with…} methods, each of which
 * answers a changed copy.
 *
 * @param name lower-case words, digits, {@code .}, {@code _} and {@code -}; at most 100 characters
 * @param description one sentence for {@code GET /task-types}
 * @param payload the record that the JSON payload is read into
 * @param result what the result is written from; a class, or a generic type such as {@code
 *     List<Line>}
 * @param queue where its tasks wait
 * @param priority 0 (first) to 9
 * @param maxAttempts at least 1
 * @param timeout of one attempt; more than zero
 * @param example true for a type that {@code trunkline.examples.enabled} switches
 * @param internal true for a type whose tasks the service alone makes
 */
public record TaskType<P, R extends @Nullable Object>(
    String name,
    String description,
    Class<P> payload,
    Type result,
    String queue,
    int priority,
    int maxAttempts,
    Duration timeout,
    RetryPolicy retry,
    boolean example,
    boolean internal) {

  /** What the names of types and queues look like. */
  public static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,99}");

  public TaskType {
    require(NAME.matcher(name).matches(), "name", name);
    require(NAME.matcher(queue).matches(), "queue", queue);
    require(priority >= 0 && priority <= 9, "priority", priority);
    require(maxAttempts >= 1, "maxAttempts", maxAttempts);
    require(timeout.isPositive(), "timeout", timeout);
  }

  /** A type with the defaults: queue {@code default}, priority 5, five attempts of ten minutes. */
  public static <P, R extends @Nullable Object> TaskType<P, R> named(
      String name, Class<P> payload, Type result) {
    return new TaskType<>(
        name,
        "",
        payload,
        result,
        "default",
        5,
        5,
        Duration.ofMinutes(10),
        RetryPolicy.DEFAULT,
        false,
        false);
  }

  public TaskType<P, R> withDescription(String text) {
    return with(text, queue, maxAttempts, timeout, retry, example, internal);
  }

  public TaskType<P, R> withQueue(String other) {
    return with(description, other, maxAttempts, timeout, retry, example, internal);
  }

  public TaskType<P, R> withMaxAttempts(int attempts) {
    return with(description, queue, attempts, timeout, retry, example, internal);
  }

  public TaskType<P, R> withTimeout(Duration perAttempt) {
    return with(description, queue, maxAttempts, perAttempt, retry, example, internal);
  }

  public TaskType<P, R> withRetry(RetryPolicy policy) {
    return with(description, queue, maxAttempts, timeout, policy, example, internal);
  }

  /** The same type, there only while {@code trunkline.examples.enabled} is true. */
  public TaskType<P, R> asExample() {
    return with(description, queue, maxAttempts, timeout, retry, true, internal);
  }

  /** The same type, of which no client can submit a task and none is shown. */
  public TaskType<P, R> asInternal() {
    return with(description, queue, maxAttempts, timeout, retry, example, true);
  }

  private TaskType<P, R> with(
      String description,
      String queue,
      int maxAttempts,
      Duration timeout,
      RetryPolicy retry,
      boolean example,
      boolean internal) {
    return new TaskType<>(
        name,
        description,
        payload,
        result,
        queue,
        priority,
        maxAttempts,
        timeout,
        retry,
        example,
        internal);
  }

  private static void require(boolean holds, String what, Object value) {
    if (!holds) {
      throw new IllegalArgumentException("a task type cannot have the " + what + " " + value);
    }
  }
}
