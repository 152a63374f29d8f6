package dev.trunkline.execute;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trunkline.execute.RunningAttempt.Stop;
import java.time.Duration;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TimeoutsTest {

  private final Timeouts timeouts = new Timeouts();

  @AfterEach
  void close() {
    timeouts.close();
  }

  @Test
  void the_wheel_turns_while_anything_runs_and_no_longer() {
    assertThat(timeouts.isTurning()).isFalse();
    try (var _ = timeouts.after(Attempts.running())) {
      timeouts.rest();
      assertThat(timeouts.isTurning()).isTrue();
    }
    assertThat(timeouts.isTurning()).isTrue();
    timeouts.rest();
    assertThat(timeouts.isTurning()).isFalse();
  }

  @Test
  void an_attempt_that_comes_after_a_rest_is_stopped_in_time() {
    timeouts.after(Attempts.running()).close();
    timeouts.rest();
    RunningAttempt attempt = Attempts.running(Duration.ofMillis(20));

    try (var _ = timeouts.after(attempt)) {
      Awaitility.await().until(() -> attempt.stopReason().equals(Optional.of(Stop.TIMED_OUT)));
      timeouts.rest();
      assertThat(timeouts.isTurning()).isTrue();
    }
  }
}
