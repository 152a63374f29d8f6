package dev.trunkline.execute;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class AttemptMetricsTest {

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

  /** Claimed at the very time it was due. */
  @Test
  void a_task_that_was_claimed_waits_until_its_handler_begins() {
    RunningAttempt attempt = Attempts.running();

    Attempts.metrics(meters).started(attempt);

    Timer wait = meters.get("trunkline.task.wait").timer();
    assertThat(wait.count()).isEqualTo(1);
    assertThat(wait.totalTime(TimeUnit.NANOSECONDS)).isPositive();
  }
}
