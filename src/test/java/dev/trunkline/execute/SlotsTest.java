package dev.trunkline.execute;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trunkline.config.TestConfig;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SlotsTest {

  private final Slots slots =
      new Slots(
          TestConfig.with(
              Map.of(
                  "trunkline.worker.concurrency",
                  "3",
                  "trunkline.queues.\"small\".concurrency",
                  "1")));

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
}
