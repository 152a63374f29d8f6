package dev.trunkline.handlers.callback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.trunkline.task.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ReceiversTest {

  private static final Outcome<Delivered> DONE = Outcome.succeeded(new Delivered(200));

  private final AtomicLong now = new AtomicLong(5);
  private final Receivers receivers = new Receivers(2, now::get, new Random(1));
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<Future<Outcome<Delivered>>> inside = new ArrayList<>();
  private final CountDownLatch leave = new CountDownLatch(1);

  @AfterEach
  void stop() {
    leave.countDown();
    threads.shutdown();
  }

  @Test
  void only_so_many_are_let_in_at_once() throws Exception {
    fill("slow.example");

    assertThat(visit("slow.example", 1)).isInstanceOf(Outcome.Snooze.class);
  }

  @Test
  void a_slow_receiver_takes_no_place_of_another() throws Exception {
    fill("slow.example");

    assertThat(visit("quick.example", 1)).isEqualTo(DONE);
    assertThat(visit("slow.example:8443", 1)).isEqualTo(DONE);
  }

  @Test
  void a_place_is_free_again_after_a_visit_however_it_ended() throws Exception {
    for (int i = 0; i < 10; i++) {
      assertThatThrownBy(
              () ->
                  receivers.visit(
                      "a.example",
                      1,
                      () -> {
                        throw new InterruptedException();
                      }))
          .isInstanceOf(InterruptedException.class);
    }
    assertThat(visit("a.example", 1)).isEqualTo(DONE);
  }

  @Test
  void whoever_is_turned_away_comes_back_one_after_the_other() throws Exception {
    fill("slow.example");
    now.addAndGet(Duration.ofSeconds(10).toNanos());

    // They have been under way for ten seconds, two at once: one place every five.
    assertThat(delay(1)).isEqualTo(Duration.ofMillis(5_500));
    assertThat(delay(1)).isEqualTo(Duration.ofMillis(10_500));
    assertThat(delay(1)).isEqualTo(Duration.ofMillis(15_500));
  }

  @Test
  void what_deliveries_take_is_learnt() throws Exception {
    for (int i = 0; i < 50; i++) {
      receivers.visit(
          "slow.example",
          1,
          () -> {
            now.addAndGet(Duration.ofSeconds(4).toNanos());
            return DONE;
          });
    }
    fill("slow.example");

    assertThat(delay(1)).isBetween(Duration.ofMillis(2_400), Duration.ofMillis(2_500));
  }

  @Test
  void nobody_is_put_off_for_much_longer_than_it_has_waited() throws Exception {
    fill("slow.example");
    now.addAndGet(Duration.ofHours(1).toNanos());

    assertThat(delay(1)).isBetween(Duration.ofSeconds(15), Duration.ofSeconds(30));
    assertThat(delay(2)).isBetween(Duration.ofSeconds(30), Duration.ofSeconds(60));
    assertThat(delay(4)).isBetween(Duration.ofMinutes(2), Duration.ofMinutes(4));
    assertThat(delay(500)).isBetween(Duration.ofMinutes(30), Duration.ofHours(1));
  }

  @Test
  void receivers_that_nobody_visits_are_forgotten() throws Exception {
    fill("slow.example");
    for (int i = 0; i < 3_000; i++) {
      visit("receiver-" + i, 1);
    }

    assertThat(visit("slow.example", 1)).isInstanceOf(Outcome.Snooze.class);
  }

  private Outcome<Delivered> visit(String name, int times) throws InterruptedException {
    return receivers.visit(name, times, () -> DONE);
  }

  private Duration delay(int times) throws InterruptedException {
    return ((Outcome.Snooze<Delivered>) visit("slow.example", times)).delay();
  }

  private void fill(String name) throws Exception {
    CountDownLatch entered = new CountDownLatch(2);
    Callable<Outcome<Delivered>> stay =
        () ->
            receivers.visit(
                name,
                1,
                () -> {
                  entered.countDown();
                  leave.await();
                  return DONE;
                });
    inside.add(threads.submit(stay));
    inside.add(threads.submit(stay));
    assertThat(entered.await(10, TimeUnit.SECONDS)).isTrue();
  }
}
