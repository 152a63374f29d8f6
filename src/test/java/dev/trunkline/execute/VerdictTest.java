package dev.trunkline.execute;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.trunkline.database.SqlFault;
import dev.trunkline.execute.RunningAttempt.Stop;
import dev.trunkline.finish.AttemptEnd;
import dev.trunkline.finish.AttemptEnd.Kind;
import dev.trunkline.finish.AttemptEnd.Setback;
import dev.trunkline.finish.AttemptEnd.Success;
import dev.trunkline.finish.ProgressReport;
import dev.trunkline.finish.Ran;
import dev.trunkline.task.Outcome;
import dev.trunkline.task.RetryPolicy;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class VerdictTest {

  private static final RetryPolicy RETRY =
      new RetryPolicy(Duration.ofSeconds(10), Duration.ofSeconds(40));

  private final Verdict verdict = new Verdict(new ObjectMapper());
  private final RunningAttempt attempt = Attempts.running();
  private final Ran ran = attempt.ran();

  @Test
  void a_result_is_written_as_json_with_the_last_report() {
    attempt.progress(70, "nearly");
    attempt.takeProgress();

    assertThat(say(Outcome.succeeded(Map.of("a", List.of(1, 2)))))
        .isEqualTo(
            new Success(ran, "{\"a\":[1,2]}", Optional.of(new ProgressReport(70, "nearly"))));
  }

  @Test
  void nothing_is_a_result_too() {
    assertThat(say(Outcome.succeeded(null))).isEqualTo(new Success(ran, "null", Optional.empty()));
  }

  @Test
  void a_result_that_is_no_json_is_given_up() {
    assertThat(say(Outcome.succeeded(new Object())))
        .isInstanceOfSatisfying(
            Setback.class,
            end -> {
              assertThat(end.kind()).isEqualTo(Kind.REJECTED);
              assertThat(end.again()).isFalse();
            });
  }

  @Test
  void retry_later_may_name_its_delay() {
    assertThat(say(Outcome.retryLater("busy", Duration.ofHours(3))))
        .isEqualTo(new Setback(ran, Kind.FAILED, "busy", true, Duration.ofHours(3)));
  }

  @Test
  void a_delay_that_is_over_means_now() {
    assertThat(say(Outcome.retryLater("busy", Duration.ofHours(-3))))
        .isEqualTo(new Setback(ran, Kind.FAILED, "busy", true, Duration.ZERO));
  }

  @RepeatedTest(20)
  void without_a_delay_the_types_policy_says_how_long_for_this_many_failures() {
    RunningAttempt second =
        new RunningAttempt(
            Attempts.claimed(UUID.randomUUID(), 9, UUID.randomUUID(), 1), Attempts.WORKER);

    Setback end = (Setback) verdict.of(second, RETRY, Outcome.retryLater("busy"));

    assertThat(end.again()).isTrue();
    assertThat(end.delay()).isBetween(Duration.ZERO, Duration.ofSeconds(20));
  }

  @Test
  void giving_up_ends_the_task() {
    assertThat(say(Outcome.giveUp("never")))
        .isEqualTo(new Setback(ran, Kind.REJECTED, "never", false, Duration.ZERO));
  }

  @Test
  void a_snooze_costs_no_attempt_and_keeps_its_delay() {
    assertThat(say(Outcome.snooze(Duration.ofMinutes(5))))
        .isEqualTo(new Setback(ran, Kind.SNOOZED, "snoozed", true, Duration.ofMinutes(5)));
  }

  @Test
  void what_was_thrown_is_tried_again_and_tells_its_message() {
    Setback end = failure(new IllegalStateException("no \0 luck"));

    assertThat(end.kind()).isEqualTo(Kind.FAILED);
    assertThat(end.reason()).isEqualTo("no   luck");
    assertThat(end.again()).isTrue();
    assertThat(end.delay()).isBetween(Duration.ZERO, Duration.ofSeconds(10));
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = {"", " "})
  void without_a_message_there_is_still_a_reason(String message) {
    assertThat(failure(new RuntimeException(message)).reason()).startsWith("The handler failed");
  }

  @Test
  void words_of_java_and_of_the_database_are_not_for_clients() {
    assertThat(failure(new NullPointerException("Cannot invoke dev.x.Y.z()")).reason())
        .doesNotContain("dev.x");
    assertThat(failure(new OutOfMemoryError("Java heap space")).reason()).doesNotContain("heap");
    assertThat(failure(new RuntimeException("select 1", new SQLException("x", "42601"))).reason())
        .doesNotContain("select");
  }

  @Test
  void one_that_timed_out_is_tried_again() {
    assertThat(verdict.stopped(attempt, RETRY, Stop.TIMED_OUT))
        .hasValueSatisfying(
            end -> {
              Setback setback = (Setback) end;
              assertThat(setback.kind()).isEqualTo(Kind.TIMED_OUT);
              assertThat(setback.again()).isTrue();
              assertThat(setback.reason()).contains("PT1M");
            });
  }

  @Test
  void one_that_was_cancelled_is_not() {
    assertThat(verdict.stopped(attempt, RETRY, Stop.CANCELLED))
        .contains(
            new Setback(ran, Kind.CANCELLED, "Cancelled while running.", false, Duration.ZERO));
  }

  @ParameterizedTest
  @EnumSource(
      value = Stop.class,
      names = {"LEASE_LOST", "SHUTDOWN"})
  void of_one_that_is_somebody_elses_affair_nothing_is_written(Stop stop) {
    assertThat(verdict.stopped(attempt, RETRY, stop)).isEmpty();
  }

  @Test
  void a_result_that_the_database_refuses_ends_the_task() {
    Setback end = Verdict.unwritable(ran, SqlFault.BAD_DATA);

    assertThat(end.kind()).isEqualTo(Kind.REJECTED);
    assertThat(end.again()).isFalse();
  }

  @Test
  void for_any_other_fault_it_is_tried_again() {
    Setback end = Verdict.unwritable(ran, SqlFault.UNEXPECTED);

    assertThat(end.kind()).isEqualTo(Kind.FAILED);
    assertThat(end.again()).isTrue();
    assertThat(end.delay()).isPositive();
  }

  private AttemptEnd say(Outcome<?> outcome) {
    return verdict.of(attempt, RETRY, outcome);
  }

  private Setback failure(Throwable thrown) {
    return (Setback) verdict.failure(attempt, RETRY, thrown);
  }
}
