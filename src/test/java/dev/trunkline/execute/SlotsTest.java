package dev.trunkline.execute;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class SlotsTest {

  private final Slots slots =
      Attempts.slots(
          Map.of(
              "trunkline.worker.concurrency", "3", "trunkline.queues.\"small\".concurrency", "1"));

  @Test
  void idle_only_queues_with_a_setting_are_named() {
    assertThat(slots.capacity()).isEqualTo(3);
    assertThat(slots.freeByQueue()).isEqualTo(Map.of("small", 1));
    assertThat(slots.taken()).isZero();
  }

  @Test
  void what_runs_takes_slots_of_its_queue_alone() {
    slots.take("big");
    slots.take("big");
    slots.take("small");

    assertThat(slots.freeByQueue()).isEqualTo(Map.of("big", 1, "small", 0));
    assertThat(slots.taken()).isEqualTo(3);
  }

  @Test
  void what_has_ended_gives_them_back() {
    slots.take("big");
    slots.take("big");
    slots.take("small");
    slots.giveBack("big");
    slots.giveBack("small");

    assertThat(slots.freeByQueue()).isEqualTo(Map.of("big", 2, "small", 1));
    slots.giveBack("big");
    assertThat(slots.freeByQueue()).isEqualTo(Map.of("small", 1));
    assertThat(slots.taken()).isZero();
  }

  @Test
  void no_queue_has_less_than_nothing_free() {
    slots.take("small");
    slots.take("small");

    assertThat(slots.freeByQueue()).containsEntry("small", 0);
  }

  @Test
  void a_claim_is_worth_it_once_a_third_of_a_queue_is_free() {
    for (int i = 0; i < 3; i++) {
      slots.take("big");
    }
    assertThat(slots.isClaimWorthIt(Set.of("big"))).isFalse();
    slots.giveBack("big");
    assertThat(slots.isClaimWorthIt(Set.of("big"))).isTrue();
    assertThat(slots.isClaimWorthIt(Set.of("another"))).isTrue();
    assertThat(slots.isClaimWorthIt(Set.of())).isFalse();
  }

  /** However many of them end at the same moment. */
  @Test
  void of_tasks_that_take_long_none_is_claimed_ahead() {
    RunningAttempt never = Attempts.running();
    slots.take("default");
    Awaitility.await()
        .during(Duration.ofMillis(200))
        .until(
            () -> {
              settleMany(never);
              return slots.freeByQueue().get("default") == 2;
            });
  }

  @Test
  void of_those_that_take_no_time_some_are() {
    RunningAttempt swift = swift();
    slots.take("default");
    Awaitility.await()
        .until(
            () -> {
              settleMany(swift);
              return slots.freeByQueue().get("default") > 2;
            });
  }

  /** Else the fastest would be claimed in the smallest batches. */
  @Test
  void so_they_are_when_all_of_their_queue_have_ended() {
    RunningAttempt swift = swift();
    Awaitility.await()
        .until(
            () -> {
              settleMany(swift);
              return slots.freeByQueue().getOrDefault("default", 0) > slots.capacity();
            });
  }

  /** No slot stands idle meanwhile. */
  @Test
  void and_their_next_claim_is_worth_it_once_half_is_free() {
    RunningAttempt swift = swift();
    Awaitility.await()
        .until(
            () -> {
              settleMany(swift);
              return slots.isAhead(Set.of("default"));
            });
    int all = slots.freeByQueue().get("default");
    for (int i = 0; i < all * 3 / 5; i++) {
      slots.take("default");
    }

    assertThat(slots.isClaimWorthIt(Set.of("default"))).isFalse();
    for (int i = 0; i < all / 5; i++) {
      slots.giveBack("default");
    }
    assertThat(slots.isClaimWorthIt(Set.of("default"))).isTrue();
  }

  @Test
  void but_not_while_their_payloads_fill_the_memory() {
    RunningAttempt swift = swift();
    RunningAttempt heavy = Attempts.running("x".repeat(1 << 20));
    Awaitility.await()
        .until(
            () -> {
              settleMany(swift);
              return slots.isAhead(Set.of("default"));
            });
    for (long held = 0; held < Slots.HEAVY; held += 1 << 20) {
      slots.take(heavy);
      slots.giveBack("default");
    }
    Awaitility.await()
        .during(Duration.ofMillis(200))
        .until(
            () -> {
              settleMany(swift);
              int free = slots.freeByQueue().getOrDefault("default", slots.capacity());
              return !slots.isAhead(Set.of("default")) && free == slots.capacity();
            });

    slots.letGo(heavy);
    Awaitility.await()
        .until(
            () -> {
              settleMany(swift);
              return slots.isAhead(Set.of("default"));
            });
  }

  private void settleMany(RunningAttempt attempt) {
    for (int i = 0; i < 1_000; i++) {
      slots.settled(attempt);
    }
  }

  private static RunningAttempt swift() {
    RunningAttempt swift = Attempts.running();
    swift.takePlace();
    swift.open();
    swift.close();
    return swift;
  }
}
