package dev.trunkline.claim;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class SignalTest {

  private final Signal signal = new Signal();

  @Test
  void raised_before_it_is_awaited_it_counts_once() throws InterruptedException {
    signal.raise();
    signal.raise();

    assertThat(signal.await(Duration.ofDays(1))).isTrue();
    assertThat(signal.await(Duration.ofMillis(1))).isFalse();
  }

  @Test
  void raised_while_it_is_awaited_it_ends_the_wait() throws InterruptedException {
    Thread.ofVirtual().start(signal::raise);

    assertThat(signal.await(Duration.ofDays(1))).isTrue();
  }

  @Test
  void a_time_that_is_over_is_not_waited_for() throws InterruptedException {
    assertThat(signal.await(Duration.ofSeconds(-1))).isFalse();
  }
}
