package dev.trunkline.execute;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RunningAttemptsTest {

  private final RunningAttempts running = new RunningAttempts();
  private final AtomicInteger woken = new AtomicInteger();

  @Test
  void only_the_first_of_several_wakes_whoever_looks_after_them() {
    running.whenFirst(woken::incrementAndGet);

    running.add(Attempts.running());
    running.add(Attempts.running());

    assertThat(woken).hasValue(1);
  }

  @Test
  void whoever_is_woken_finds_it_there_and_is_woken_again_after_all_have_ended() {
    running.whenFirst(
        () -> {
          assertThat(running.isEmpty()).isFalse();
          woken.incrementAndGet();
        });
    RunningAttempt attempt = Attempts.running();
    running.add(attempt);
    running.remove(attempt);

    running.add(Attempts.running());

    assertThat(woken).hasValue(2);
  }
}
