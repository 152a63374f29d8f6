package dev.trunkline.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trunkline.task.Task;
import dev.trunkline.task.TaskState;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class WaiterTest {

  private final UUID task = new UUID(0, 1);
  private final Waiter waiter = new Waiter(task, Duration.ofHours(1));

  @Test
  void it_wants_to_hear_of_the_end_alone() {
    assertThat(waiter.wants(new Stamp(task, "1", false))).isFalse();
    assertThat(waiter.wants(new Stamp(task, "2", true))).isTrue();
  }

  @Test
  void a_task_that_was_retried_before_it_was_read_has_not_ended() {
    waiter.tell(new Stamp(task, "2", true), snapshot(TaskState.QUEUED));
    assertThat(waiter.answer()).isNotDone();

    waiter.tell(new Stamp(task, "3", true), snapshot(TaskState.SUCCEEDED));
    assertThat(waiter.answer()).isCompleted();
  }

  @Test
  void hurried_it_takes_whatever_there_is() {
    waiter.goodbye();
    assertThat(waiter.wants(new Stamp(task, "1", false))).isTrue();

    waiter.tell(new Stamp(task, "1", false), snapshot(TaskState.QUEUED));
    assertThat(waiter.answer()).isCompleted();
  }

  private static TaskSnapshot snapshot(TaskState state) {
    Task read = new Task();
    read.state = state;
    return new TaskSnapshot(read, "{}");
  }
}
