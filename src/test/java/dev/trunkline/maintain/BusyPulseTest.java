package dev.trunkline.maintain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BusyPulseTest {

  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  private final AtomicBoolean busy = new AtomicBoolean();
  private final List<Long> pulses = new CopyOnWriteArrayList<>();
  private final BusyPulse pulse = new BusyPulse(timer, busy::get);

  @AfterEach
  void close() {
    timer.shutdownNow();
  }

  @Test
  void it_goes_while_the_process_is_busy() {
    pulse.with(pulses::add);
    busy.set(true);

    pulse.start();

    await().until(() -> pulses.size() >= 3);
    assertThat(pulses).startsWith(1L, 2L, 3L);
  }

  @Test
  void an_idle_process_comes_to_rest_and_is_asked_for_nothing() {
    pulse.with(pulses::add);

    pulse.start();

    assertThat(pulse.isGoing()).isTrue();
    await().atMost(Duration.ofSeconds(10)).until(() -> !pulse.isGoing());
    assertThat(pulses).isEmpty();
  }

  @Test
  void it_goes_again_when_the_process_is_busy_again() {
    pulse.with(pulses::add);
    pulse.start();
    await().atMost(Duration.ofSeconds(10)).until(() -> !pulse.isGoing());

    busy.set(true);
    pulse.start();

    await().until(() -> !pulses.isEmpty());
  }

  @Test
  void to_start_it_twice_is_to_start_it_once() {
    pulse.with(pulses::add);
    busy.set(true);

    pulse.start();
    pulse.start();

    await().until(() -> pulses.size() >= 4);
    assertThat(pulses).doesNotHaveDuplicates();
    busy.set(false);
    await().atMost(Duration.ofSeconds(10)).until(() -> !pulse.isGoing());
  }

  @Test
  void where_the_timer_has_ended_there_is_nothing_to_start() {
    timer.shutdownNow();

    pulse.start();

    assertThat(pulse.isGoing()).isFalse();
  }
}
