package dev.trunkline.maintain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trunkline.database.TestDatabase;
import dev.trunkline.handlers.noop.NoopHandler;
import dev.trunkline.task.Outcome;
import dev.trunkline.task.Registries;
import dev.trunkline.task.TaskContext;
import dev.trunkline.task.TaskHandler;
import dev.trunkline.task.TaskType;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class TypeAnnouncementSqlTest {

  private static final TestDatabase DATABASE = TestDatabase.fresh();

  private final TypeAnnouncement announcement =
      new TypeAnnouncement(DATABASE.dataSource(), Registries.of(new NoopHandler()));

  @Test
  void the_types_of_this_process_are_known_with_their_defaults_and_queues() {
    DATABASE.update("insert into trunkline.task_type values ('noop', 'old', 9, 1, '1 s', now())");

    announcement.runOnce();

    assertThat(
            DATABASE.row(
                "select queue, priority, max_attempts, extract(epoch from timeout)::int as seconds"
                    + " from trunkline.task_type where name = 'noop'"))
        .containsEntry("queue", "default")
        .containsEntry("priority", 5)
        .containsEntry("max_attempts", 5)
        .containsEntry("seconds", 600);
    assertThat(DATABASE.count("select count(*) from trunkline.queue where name = 'default'"))
        .isEqualTo(1);
  }

  @Test
  void what_the_service_alone_makes_is_not_said() {
    DATABASE.update("delete from trunkline.task_type");
    Internal handler = new Internal();

    new TypeAnnouncement(DATABASE.dataSource(), Registries.of(handler)).runOnce();

    assertThat(DATABASE.count("select count(*) from trunkline.task_type")).isZero();
  }

  @Test
  void it_is_said_once() {
    announcement.runOnce();
    DATABASE.update("delete from trunkline.task_type");

    announcement.runOnce();

    assertThat(DATABASE.count("select count(*) from trunkline.task_type")).isZero();
  }

  @Test
  void when_all_is_said_it_need_not_be_asked_again() {
    assertThat(announcement.hasSaidAll()).isFalse();

    announcement.runOnce();

    assertThat(announcement.hasSaidAll()).isTrue();
  }

  @Test
  void a_type_that_cannot_run_yet_is_waited_for() {
    AtomicBoolean able = new AtomicBoolean();
    TypeAnnouncement waiting =
        new TypeAnnouncement(
            DATABASE.dataSource(), Registries.of(new NoopHandler(), new Later(able)));
    waiting.runOnce();
    assertThat(waiting.hasSaidAll()).isFalse();

    able.set(true);
    waiting.runOnce();

    assertThat(waiting.hasSaidAll()).isTrue();
    assertThat(DATABASE.count("select count(*) from trunkline.task_type where name = 'later'"))
        .isEqualTo(1);
  }

  private record Later(AtomicBoolean able) implements TaskHandler<String, String> {
    @Override
    public TaskType<String, String> type() {
      return TaskType.named("later", String.class, String.class);
    }

    @Override
    public Optional<String> unavailable() {
      return able.get() ? Optional.empty() : Optional.of("not yet");
    }

    @Override
    public Outcome<String> handle(String payload, TaskContext context) {
      return Outcome.succeeded(payload);
    }
  }

  private static final class Internal implements TaskHandler<String, String> {
    @Override
    public TaskType<String, String> type() {
      return TaskType.<String, String>named("internal", String.class, String.class).asInternal();
    }

    @Override
    public Outcome<String> handle(String payload, TaskContext context) {
      return Outcome.succeeded(payload);
    }
  }
}
