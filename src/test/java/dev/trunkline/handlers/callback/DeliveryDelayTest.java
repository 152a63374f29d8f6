package dev.trunkline.handlers.callback;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DeliveryDelayTest {

  private static final Optional<Duration> AT_ONCE = Optional.of(Duration.ZERO);
  private static final Optional<Duration> TOMORROW = Optional.of(Duration.ofDays(1));

  @Test
  void a_receiver_may_want_the_next_attempt_sooner_or_later_than_usual() {
    assertThat(DeliverHandler.delay(AT_ONCE, 1)).isEqualTo(AT_ONCE);
    assertThat(DeliverHandler.delay(AT_ONCE, 10)).isEqualTo(AT_ONCE);
    assertThat(DeliverHandler.delay(TOMORROW, 1)).isEqualTo(TOMORROW);
    assertThat(DeliverHandler.delay(TOMORROW, 29)).isEqualTo(TOMORROW);
  }

  @Test
  void one_that_always_wants_it_sooner_is_tried_for_a_day_at_least() {
    Duration all =
        IntStream.range(1, DeliverHandler.TYPE.maxAttempts())
            .mapToObj(attempt -> DeliverHandler.delay(AT_ONCE, attempt).orElseThrow())
            .reduce(Duration.ZERO, Duration::plus);

    assertThat(all).isGreaterThan(Duration.ofDays(1));
  }

  @Test
  void without_a_word_the_usual_backoff_holds() {
    assertThat(DeliverHandler.delay(Optional.empty(), 20)).isEmpty();
  }
}
