package dev.trunkline.submit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class KindsTest {

  @Test
  void tasks_that_differ_in_their_payload_alone_are_of_one_kind() {
    Kinds kinds =
        Kinds.of(
            List.of(
                NewTasks.plain(),
                NewTasks.of(Submission.of("test", "[1]")),
                NewTasks.of(Submission.of("test", "[2]"))));

    assertThat(kinds.all())
        .singleElement()
        .satisfies(it -> assertThat(it.type()).isEqualTo("test"));
    assertThat(kinds.numbers()).containsExactly(1, 1, 1);
  }

  @Test
  void each_task_is_of_the_kind_at_its_number() {
    List<NewTask> tasks =
        List.of(
            NewTasks.plain(),
            NewTasks.inQueue("another"),
            NewTasks.ofPriority(9),
            NewTasks.plain(),
            NewTasks.tagged("a", "b"),
            NewTasks.delayed(Duration.ofHours(1)),
            NewTasks.at(Instant.EPOCH),
            NewTasks.inQueue("another"));

    Kinds kinds = Kinds.of(tasks);

    assertThat(kinds.numbers()).containsExactly(1, 2, 3, 1, 4, 5, 6, 2);
    assertThat(kinds.all()).hasSize(6).doesNotHaveDuplicates();
    assertThat(kinds.all().get(1).queue()).isEqualTo("another");
    assertThat(kinds.all().get(2).priority()).isEqualTo(9);
    assertThat(kinds.all().get(3).tags()).containsExactly("a", "b");
    assertThat(kinds.all().get(4).delay()).hasValue(Duration.ofHours(1));
    assertThat(kinds.all().get(5).runAt()).hasValue(Instant.EPOCH);
  }
}
