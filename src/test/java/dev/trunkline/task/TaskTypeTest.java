package dev.trunkline.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TaskTypeTest {

  private static final TaskType<String, String> TYPE =
      TaskType.named("a", String.class, String.class);

  @ParameterizedTest
  @ValueSource(strings = {"a", "0", "chess.analyze", "a-b_c.d", "9lives"})
  void names_are_lower_case_words(String name) {
    assertThat(TaskType.named(name, String.class, String.class).name()).isEqualTo(name);
    assertThat(TYPE.withQueue(name).queue()).isEqualTo(name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "A", ".a", "-a", "_a", "a b", "a/b", "ä", "a\n"})
  void other_names_are_refused(String name) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TaskType.named(name, String.class, String.class))
        .withMessageContaining("name");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TYPE.withQueue(name))
        .withMessageContaining("queue");
  }

  @Test
  void a_name_has_a_hundred_characters_at_most() {
    assertThat(TYPE.withQueue("a".repeat(100)).queue()).hasSize(100);
    assertThatIllegalArgumentException().isThrownBy(() -> TYPE.withQueue("a".repeat(101)));
  }

  @ParameterizedTest
  @CsvSource({"-1, false", "0, true", "9, true", "10, false"})
  void a_priority_is_from_0_to_9(int priority, boolean fine) {
    if (fine) {
      assertThat(withPriority(priority).priority()).isEqualTo(priority);
    } else {
      assertThatIllegalArgumentException().isThrownBy(() -> withPriority(priority));
    }
  }

  @Test
  void there_is_at_least_one_attempt_and_some_time_for_it() {
    assertThat(TYPE.withMaxAttempts(1).maxAttempts()).isEqualTo(1);
    assertThatIllegalArgumentException().isThrownBy(() -> TYPE.withMaxAttempts(0));
    assertThat(TYPE.withTimeout(Duration.ofMillis(1)).timeout()).isEqualTo(Duration.ofMillis(1));
    assertThatIllegalArgumentException().isThrownBy(() -> TYPE.withTimeout(Duration.ZERO));
  }

  @Test
  void each_change_leaves_everything_else_as_it_was() {
    RetryPolicy retry = new RetryPolicy(Duration.ofSeconds(2), Duration.ofSeconds(3));
    TaskType<String, String> changed =
        TYPE.withDescription("d")
            .withQueue("q")
            .withMaxAttempts(7)
            .withTimeout(Duration.ofSeconds(8))
            .withRetry(retry)
            .asExample();

    assertThat(changed)
        .isEqualTo(
            new TaskType<>(
                "a",
                "d",
                String.class,
                String.class,
                "q",
                5,
                7,
                Duration.ofSeconds(8),
                retry,
                true,
                false));
    assertThat(TYPE.example()).isFalse();
    assertThat(changed.asInternal().internal()).isTrue();
    assertThat(changed.asInternal().asExample().internal()).isTrue();
  }

  private static TaskType<String, String> withPriority(int priority) {
    return new TaskType<>(
        "a",
        "",
        String.class,
        String.class,
        "q",
        priority,
        1,
        Duration.ofSeconds(1),
        RetryPolicy.DEFAULT,
        false,
        false);
  }
}
