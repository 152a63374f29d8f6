package dev.trunkline.execute;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trunkline.config.TestConfig;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class PaceTest {

  @Test
  void of_a_queue_of_which_nothing_has_ended_nothing_is_taken_ahead() {
    assertThat(pace(1_000).ahead("idle")).isZero();
  }

  @Test
  void the_faster_tasks_end_the_more_are_taken_ahead_up_to_the_limit() {
    Pace pace = pace(50);
    pace.ended("busy");
    pace.ahead("busy");

    Awaitility.await()
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(1))
        .untilAsserted(
            () -> {
              for (int i = 0; i < 10_000; i++) {
                pace.ended("busy");
              }
              assertThat(pace.ahead("busy")).isEqualTo(50);
            });
    assertThat(pace.ahead("another")).isZero();
  }

  @Test
  void it_is_what_ends_within_fifty_milliseconds() {
    long start = System.nanoTime();
    Pace pace = pace(10_000);
    for (int i = 0; i < 10_000; i++) {
      pace.ended("busy");
    }
    int ahead =
        Awaitility.await()
            .pollDelay(Duration.ZERO)
            .pollInterval(Duration.ofMillis(1))
            .until(() -> pace.ahead("busy"), taken -> taken > 0);
    long millis = Duration.ofNanos(System.nanoTime() - start).toMillis() + 1;
    assertThat(ahead).isGreaterThanOrEqualTo((int) (10_000 * 50 / millis));
  }

  @Test
  void where_none_ends_any_more_none_is_taken_ahead() {
    Pace pace = pace(50);
    for (int i = 0; i < 10_000; i++) {
      pace.ended("busy");
    }
    Awaitility.await().until(() -> pace.ahead("busy") == 0);
  }

  @Test
  void a_limit_of_zero_takes_none_ahead() {
    Pace pace = pace(0);
    for (int i = 0; i < 10_000; i++) {
      pace.ended("busy");
    }
    assertThat(pace.ahead("busy")).isZero();
  }

  private static Pace pace(int most) {
    return new Pace(TestConfig.with(Map.of("trunkline.worker.prefetch", Integer.toString(most))));
  }
}
