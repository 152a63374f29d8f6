package dev.trunkline.execute;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RunningAttemptsTest {

  private final RunningAttempts running = new RunningAttempts();
  private final AtomicInteger woken = new AtomicInteger();

  @Test
  void whoever_looks_after_them_hears_of_each_when_it_is_there() {
    running.whenAdded(
        () -> {
          assertThat(running.isEmpty()).isFalse();
          woken.incrementAndGet();
        });

    running.add(Attempts.running());
    running.add(Attempts.running());

    assertThat(woken).hasValue(2);
  }

  @Test
  void and_of_those_that_were_there_before() {
    running.add(Attempts.running());

    running.whenAdded(woken::incrementAndGet);

    assertThat(woken).hasValue(1);
  }

  @Test
  void where_there_are_none_it_hears_nothing() {
    running.whenAdded(woken::incrementAndGet);

    assertThat(woken).hasValue(0);
  }
}
