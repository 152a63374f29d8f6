package dev.trunkline.submit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.trunkline.task.Refusal;
import dev.trunkline.task.Refusal.Fault;
import dev.trunkline.task.RefusedException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SubmissionRulesTest {

  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

  @Test
  void a_submission_that_asks_for_nothing_special_passes() {
    assertThat(faults(new Wish())).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "0.b-c_d"})
  void a_queue_may_be_named_so(String queue) {
    assertThat(faults(new Wish().queue(queue))).isEmpty();
    assertThat(faults(new Wish().queue("a".repeat(100)))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "A", "-a", "a b"})
  void but_not_so(String queue) {
    assertThat(pointers(new Wish().queue(queue))).containsExactly("/queue");
    assertThat(pointers(new Wish().queue("a".repeat(101)))).containsExactly("/queue");
  }

  @ParameterizedTest
  @CsvSource({"-1, false", "0, true", "9, true", "10, false"})
  void priorities(int priority, boolean fine) {
    Wish wish = new Wish();
    wish.priority = Optional.of(priority);
    assertThat(pointers(wish)).isEqualTo(fine ? List.of() : List.of("/priority"));
  }

  @ParameterizedTest
  @CsvSource({"0, false", "1, true", "1000, true", "1001, false"})
  void attempts(int attempts, boolean fine) {
    Wish wish = new Wish();
    wish.maxAttempts = Optional.of(attempts);
    assertThat(pointers(wish)).isEqualTo(fine ? List.of() : List.of("/maxAttempts"));
  }

  @ParameterizedTest
  @CsvSource({
    "PT0S, false",
    "PT0.000999S, false",
    "PT0.001S, true",
    "P7D, true",
    "P7DT0.001S, false",
    "PT-1S, false"
  })
  void timeouts(Duration timeout, boolean fine) {
    Wish wish = new Wish();
    wish.timeout = Optional.of(timeout);
    assertThat(pointers(wish)).isEqualTo(fine ? List.of() : List.of("/timeout"));
  }

  @ParameterizedTest
  @CsvSource({"PT-0.001S, false", "PT0S, true", "P3660D, true", "P3660DT0.001S, false"})
  void delays(Duration delay, boolean fine) {
    Wish wish = new Wish();
    wish.delay = Optional.of(delay);
    assertThat(pointers(wish)).isEqualTo(fine ? List.of() : List.of("/delay"));
  }

  @Test
  void a_delay_and_a_time_exclude_each_other() {
    Wish wish = new Wish();
    wish.delay = Optional.of(Duration.ZERO);
    wish.runAt = Optional.of(NOON);
    assertThat(pointers(wish)).containsExactly("/runAt");
  }

  @ParameterizedTest
  @CsvSource({"-1, false", "0, false", "1, true"})
  void a_task_cannot_expire_before_it_is_due(int seconds, boolean fine) {
    Wish wish = new Wish();
    wish.runAt = Optional.of(NOON);
    wish.expiresAt = Optional.of(NOON.plusSeconds(seconds));
    assertThat(pointers(wish)).isEqualTo(fine ? List.of() : List.of("/expiresAt"));
  }

  @Test
  void without_a_time_it_may_expire_whenever() {
    Wish wish = new Wish();
    wish.expiresAt = Optional.of(NOON);
    assertThat(faults(wish)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"0, false", "1, true", "100, true", "101, false"})
  void lengths_of_tags(int length, boolean fine) {
    Wish wish = new Wish();
    wish.tags = List.of("fine", "x".repeat(length));
    assertThat(pointers(wish)).isEqualTo(fine ? List.of() : List.of("/tags/1"));
  }

  @ParameterizedTest
  @CsvSource({"0, true", "20, true", "21, false"})
  void numbers_of_tags(int count, boolean fine) {
    Wish wish = new Wish();
    wish.tags = Collections.nCopies(count, "x");
    assertThat(pointers(wish)).isEqualTo(fine ? List.of() : List.of("/tags"));
  }

  @Test
  void all_faults_are_told_at_once() {
    Wish wish = new Wish().queue("A");
    wish.priority = Optional.of(10);
    wish.tags = List.of("", "");
    wish.maxAttempts = Optional.of(0);

    assertThat(pointers(wish))
        .containsExactly("/queue", "/priority", "/tags/0", "/tags/1", "/maxAttempts");
    assertThatThrownBy(() -> SubmissionRules.check(wish.submission()))
        .isInstanceOf(RefusedException.class);
  }

  private static List<String> pointers(Wish wish) {
    return faults(wish).stream().map(Fault::pointer).toList();
  }

  private static List<Fault> faults(Wish wish) {
    try {
      SubmissionRules.check(wish.submission());
      return List.of();
    } catch (RefusedException refused) {
      return ((Refusal.Invalid) refused.refusal()).faults();
    }
  }

  /** What a client asks for, one thing at a time. */
  private static final class Wish {
    private Optional<String> queue = Optional.empty();
    private Optional<Integer> priority = Optional.empty();
    private List<String> tags = List.of();
    private Optional<Duration> delay = Optional.empty();
    private Optional<Instant> runAt = Optional.empty();
    private Optional<Integer> maxAttempts = Optional.empty();
    private Optional<Duration> timeout = Optional.empty();
    private Optional<Instant> expiresAt = Optional.empty();

    Wish queue(String name) {
      queue = Optional.of(name);
      return this;
    }

    Submission submission() {
      return new Submission(
          "test",
          "{}",
          queue,
          priority,
          tags,
          delay,
          runAt,
          maxAttempts,
          timeout,
          expiresAt,
          Optional.empty(),
          null);
    }
  }
}
