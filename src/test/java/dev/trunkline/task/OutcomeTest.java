package dev.trunkline.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OutcomeTest {

  @Test
  void each_way_to_say_it_says_that() {
    Duration delay = Duration.ofSeconds(3);

    assertThat(Outcome.succeeded("r")).isEqualTo(new Outcome.Succeeded<>("r"));
    assertThat(Outcome.<String>retryLater("why"))
        .isEqualTo(new Outcome.RetryLater<>("why", Optional.empty()));
    assertThat(Outcome.<String>retryLater("why", delay))
        .isEqualTo(new Outcome.RetryLater<>("why", Optional.of(delay)));
    assertThat(Outcome.<String>giveUp("why")).isEqualTo(new Outcome.GiveUp<>("why"));
    assertThat(Outcome.<String>snooze(delay)).isEqualTo(new Outcome.Snooze<>(delay));
  }

  @ParameterizedTest
  @EnumSource(TaskState.class)
  void the_word_of_a_state_leads_back_to_it(TaskState state) {
    assertThat(TaskState.of(state.word())).isEqualTo(state);
    assertThat(state.word()).matches("[a-z]+");
  }

  @Test
  void three_states_are_final() {
    assertThat(TaskState.values())
        .filteredOn(TaskState::isFinal)
        .containsExactly(TaskState.SUCCEEDED, TaskState.FAILED, TaskState.CANCELLED);
  }
}
