package dev.trunkline.maintain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BusyPulseTest {

  private static final Duration LONG = Duration.ofSeconds(20);

  private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);
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

    await().atMost(LONG).until(() -> pulses.size() >= 3);
    assertThat(pulses).startsWith(1L, 2L, 3L);
  }

  @Test
  void an_idle_process_comes_to_rest_and_is_asked_for_nothing() {
    pulse.with(pulses::add);

    pulse.start();

    assertThat(pulse.isGoing()).isTrue();
    await().atMost(LONG).until(() -> !pulse.isGoing());
    assertThat(pulses).isEmpty();
  }

  @Test
  void it_goes_again_when_the_process_is_busy_again() {
    pulse.with(pulses::add);
    pulse.start();
    await().atMost(LONG).until(() -> !pulse.isGoing());

    busy.set(true);
    pulse.start();

    await().atMost(LONG).until(() -> !pulses.isEmpty());
  }

  @Test
  void to_start_it_twice_is_to_start_it_once() {
    pulse.start();
    pulse.start();

    assertThat(timer.getQueue()).hasSize(1);
  }

  @Test
  void what_comes_while_it_goes_to_rest_keeps_it_going() {
    AtomicInteger asked = new AtomicInteger();
    BusyPulse late = new BusyPulse(timer, () -> asked.incrementAndGet() > BusyPulse.PATIENCE);
    late.with(pulses::add);

    late.start();

    await().atMost(LONG).until(() -> !pulses.isEmpty());
  }

  @Test
  void one_that_a_fault_has_ended_can_be_started_again() {
    busy.set(true);
    AtomicBoolean faulty = new AtomicBoolean(true);
    pulse.with(
        number -> {
          if (faulty.getAndSet(false)) {
            throw new IllegalStateException("on purpose");
          }
          pulses.add(number);
        });
    pulse.start();
    await().atMost(LONG).until(() -> !pulse.isGoing());

    pulse.start();

    await().atMost(LONG).until(() -> !pulses.isEmpty());
  }

  @Test
  void where_the_timer_has_ended_there_is_nothing_to_start() {
    timer.shutdownNow();

    pulse.start();

    assertThat(pulse.isGoing()).isFalse();
  }
}
