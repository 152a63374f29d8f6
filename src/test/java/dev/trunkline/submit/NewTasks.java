package dev.trunkline.submit;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Checked submissions of the type {@code test}. */
final class NewTasks {

  private NewTasks() {}

  static NewTask plain() {
    return task(Submission.of("test", "{}"), "default");
  }

  static NewTask inQueue(String queue) {
    return task(Submission.of("test", "{}"), queue);
  }

  static NewTask keyed(String key) {
    return task(submissionUnder(key), "default");
  }

  static Submission submissionUnder(String key) {
    return submission(List.of(), Optional.empty(), Optional.empty(), key);
  }

  static Submission submissionAt(Instant runAt, String key) {
    return submission(List.of(), Optional.empty(), Optional.of(runAt), key);
  }

  static NewTask of(Submission submission) {
    return task(submission, "default");
  }

  static NewTask ofPriority(int priority) {
    return new NewTask(
        Submission.of("test", "{}"), "default", priority, 3, Duration.ofSeconds(90), null);
  }

  static NewTask tagged(String... tags) {
    return task(submission(List.of(tags), Optional.empty(), Optional.empty(), null), "default");
  }

  static NewTask delayed(Duration delay) {
    return task(submission(List.of(), Optional.of(delay), Optional.empty(), null), "default");
  }

  /** Before it is stored. */
  static NewTask expired() {
    return task(
        submission(List.of(), Optional.empty(), Optional.empty(), Optional.of(Instant.EPOCH), null),
        "default");
  }

  static NewTask at(Instant runAt) {
    return task(submission(List.of(), Optional.empty(), Optional.of(runAt), null), "default");
  }

  static Submission submission(String payload, String key) {
    return new Submission(
        "test",
        payload,
        Optional.empty(),
        Optional.empty(),
        List.of(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.of(key),
        null);
  }

  private static NewTask task(Submission submission, String queue) {
    return new NewTask(submission, queue, 5, 3, Duration.ofSeconds(90), submission.traceparent());
  }

  private static Submission submission(
      List<String> tags, Optional<Duration> delay, Optional<Instant> runAt, @Nullable String key) {
    return submission(tags, delay, runAt, Optional.empty(), key);
  }

  private static Submission submission(
      List<String> tags,
      Optional<Duration> delay,
      Optional<Instant> runAt,
      Optional<Instant> expiresAt,
      @Nullable String key) {
    return new Submission(
        "test",
        "{\"text\": \"a\\\"b\"}",
        Optional.empty(),
        Optional.empty(),
        tags,
        delay,
        runAt,
        Optional.empty(),
        Optional.empty(),
        expiresAt,
        Optional.ofNullable(key),
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
  }
}
