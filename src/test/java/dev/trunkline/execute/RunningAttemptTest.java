package dev.trunkline.execute;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trunkline.execute.RunningAttempt.Stop;
import dev.trunkline.finish.ProgressReport;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RunningAttemptTest {

  private final RunningAttempt attempt = Attempts.running();

  @AfterEach
  void leaveNoInterruptBehind() {
    Thread.interrupted();
  }

  @Test
  void a_stop_interrupts_the_handler_and_tells_it() {
    attempt.open();
    assertThat(attempt.isCancelled()).isFalse();

    attempt.stop(Stop.CANCELLED);

    assertThat(Thread.currentThread().isInterrupted()).isTrue();
    assertThat(attempt.isCancelled()).isTrue();
    assertThat(attempt.close()).isTrue();
    assertThat(attempt.stopReason()).contains(Stop.CANCELLED);
  }

  @Test
  void a_stop_before_the_handler_has_begun_interrupts_it_when_it_does() {
    attempt.stop(Stop.TIMED_OUT);
    assertThat(Thread.currentThread().isInterrupted()).isFalse();

    attempt.open();

    assertThat(Thread.currentThread().isInterrupted()).isTrue();
  }

  @Test
  void the_interrupt_is_taken_back_when_the_handler_has_ended() {
    attempt.open();
    attempt.stop(Stop.TIMED_OUT);
    attempt.close();

    assertThat(Thread.currentThread().isInterrupted()).isFalse();
  }

  @Test
  void after_the_handlers_end_nothing_is_interrupted() {
    attempt.open();
    assertThat(attempt.close()).isTrue();
    assertThat(attempt.stopReason()).isEmpty();

    attempt.stop(Stop.LEASE_LOST);

    assertThat(Thread.currentThread().isInterrupted()).isFalse();
    assertThat(attempt.isCancelled()).isTrue();
  }

  @Test
  void only_an_open_one_is_stopped_where_that_is_asked_for() {
    attempt.open();
    assertThat(attempt.stopIfOpen(Stop.LEASE_LOST)).isTrue();
    assertThat(attempt.isHeld()).isFalse();
    attempt.close();
    assertThat(attempt.stopIfOpen(Stop.LEASE_LOST)).isFalse();
  }

  @Test
  void the_first_reason_counts() {
    attempt.open();
    attempt.stop(Stop.CANCELLED);
    attempt.stop(Stop.TIMED_OUT);

    assertThat(attempt.close()).isTrue();
    assertThat(attempt.stopReason()).contains(Stop.CANCELLED);
  }

  @Test
  void a_second_stop_does_not_interrupt_again() {
    attempt.open();
    attempt.stop(Stop.CANCELLED);
    Thread.interrupted();
    attempt.stop(Stop.SHUTDOWN);

    assertThat(Thread.currentThread().isInterrupted()).isFalse();
  }

  @ParameterizedTest
  @EnumSource(
      value = Stop.class,
      names = {"TIMED_OUT", "CANCELLED"})
  void one_that_was_stopped_is_still_held_until_its_end_is_written(Stop reason) {
    assertThat(attempt.isHeld()).isTrue();
    attempt.stop(reason);

    assertThat(attempt.isHeld()).isTrue();
  }

  @ParameterizedTest
  @EnumSource(
      value = Stop.class,
      names = {"LEASE_LOST", "SHUTDOWN"})
  void one_that_is_given_up_is_not_held_whatever_happened_before(Stop reason) {
    attempt.stop(Stop.TIMED_OUT);
    attempt.stop(reason);

    assertThat(attempt.isHeld()).isFalse();
  }

  @Test
  void it_is_abandoned_only_when_it_was_stopped_for_long_enough() {
    attempt.open();
    assertThat(attempt.abandon(Duration.ZERO)).isFalse();
    attempt.stop(Stop.TIMED_OUT);

    assertThat(attempt.abandon(Duration.ofMinutes(1))).isFalse();
    assertThat(attempt.abandon(Duration.ZERO)).isTrue();
    assertThat(attempt.abandon(Duration.ofMinutes(1))).isTrue();
    assertThat(attempt.close()).isFalse();
  }

  @Test
  void a_handler_that_has_ended_is_not_abandoned() {
    attempt.open();
    attempt.stop(Stop.TIMED_OUT);
    attempt.close();

    assertThat(attempt.abandon(Duration.ZERO)).isFalse();
  }

  @Test
  void one_that_was_abandoned_before_it_began_does_not_begin() {
    attempt.takePlace();
    attempt.stop(Stop.LEASE_LOST);
    assertThat(attempt.abandon(Duration.ZERO)).isTrue();

    assertThat(attempt.open()).isFalse();
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
  }

  @Test
  void one_that_waits_for_its_turn_is_withdrawn_and_not_abandoned() {
    attempt.stop(Stop.CANCELLED);
    assertThat(attempt.abandon(Duration.ZERO)).isFalse();

    assertThat(attempt.withdraw()).isTrue();
    assertThat(attempt.withdraw()).isFalse();
    assertThat(attempt.takePlace()).isFalse();
    assertThat(attempt.open()).isFalse();
  }

  @Test
  void one_whose_turn_has_come_is_not_withdrawn() {
    assertThat(attempt.takePlace()).isTrue();

    assertThat(attempt.withdraw()).isFalse();
    assertThat(attempt.waitsFor(Duration.ZERO)).isFalse();
    assertThat(attempt.hasPlace()).isTrue();
  }

  @Test
  void a_report_is_taken_once_but_remembered() {
    assertThat(attempt.takeProgress()).isEmpty();
    attempt.progress(1, "one");
    attempt.progress(2, "two");

    assertThat(attempt.takeProgress()).contains(new ProgressReport(2, "two"));
    assertThat(attempt.takeProgress()).isEmpty();
    assertThat(attempt.lastProgress()).contains(new ProgressReport(2, "two"));

    attempt.progress(3, "three");
    assertThat(attempt.takeProgress()).contains(new ProgressReport(3, "three"));
  }

  @Test
  void it_knows_who_it_is() {
    assertThat(attempt.taskId()).isEqualTo(attempt.task().token().taskId());
    assertThat(attempt.attempt()).isEqualTo(1);
    assertThat(attempt.maxAttempts()).isEqualTo(3);
  }
}
