package dev.trunkline.finish;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trunkline.database.Tasks;
import dev.trunkline.database.TestDatabase;
import dev.trunkline.finish.AttemptEnd.Kind;
import dev.trunkline.finish.Redriver.Redriven;
import dev.trunkline.inspect.Lists;
import dev.trunkline.task.TaskFilter;
import dev.trunkline.task.TaskState;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RedriverSqlTest {

  private static final TestDatabase DATABASE = TestDatabase.fresh();
  private static final TaskFilter FAILED = TaskFilter.ALL.withState(TaskState.FAILED);

  private final Redriver redriver =
      new Redriver(Lists.in(DATABASE), new Retrier(DATABASE.dataSource()));

  @BeforeEach
  void empty() {
    DATABASE.update("truncate trunkline.task, trunkline.ready cascade");
  }

  @Test
  void all_that_the_filters_mean_run_again_and_no_others() {
    List<UUID> meant = failed("a", 1_200);
    List<UUID> other = failed("b", 3);
    UUID cancelled = cancelled("a");

    Redriven redriven = redriver.redrive(FAILED.withType("a"), 10_000, Optional.empty());

    assertThat(redriven).isEqualTo(new Redriven(1_200, Optional.empty()));
    assertThat(inState("queued")).containsExactlyInAnyOrderElementsOf(meant);
    assertThat(inState("failed")).containsExactlyInAnyOrderElementsOf(other);
    assertThat(inState("cancelled")).containsExactly(cancelled);
    assertThat(DATABASE.count("select count(*) from trunkline.ready")).isEqualTo(1_200);
  }

  @Test
  void no_more_than_the_limit_at_once_and_the_next_call_goes_on() {
    failed("a", 1_300);

    Redriven first = redriver.redrive(FAILED, 700, Optional.empty());
    assertThat(first.retried()).isEqualTo(700);
    assertThat(inState("queued")).hasSize(700);
    Redriven second = redriver.redrive(FAILED, 700, first.next());

    assertThat(second).isEqualTo(new Redriven(600, Optional.empty()));
    assertThat(inState("failed")).isEmpty();
  }

  @Test
  void deliveries_of_callbacks_run_again_only_where_their_type_is_asked_for() {
    List<UUID> tasks = failed("a", 1);
    List<UUID> deliveries = failed("callback.deliver", 2);

    redriver.redrive(FAILED, 10, Optional.empty());
    assertThat(inState("queued")).containsExactlyElementsOf(tasks);
    redriver.redrive(FAILED.withType("callback.deliver"), 10, Optional.empty());

    assertThat(inState("queued")).hasSize(3).containsAll(deliveries);
  }

  @Test
  void one_that_fails_again_meanwhile_is_not_found_again() {
    failed("a", 4);

    Redriven first = redriver.redrive(FAILED, 2, Optional.empty());
    DATABASE.update(
        """
        with again as (delete from trunkline.ready returning task_id), over as (
          update trunkline.task set state = 'failed', finished_at = now(), error = '{}'
          where id in (select task_id from again) returning id)
        insert into trunkline.unsuccessful select id, 'failed', 'default', now() from over
        """);
    Redriven second = redriver.redrive(FAILED, 10, first.next());

    assertThat(second.retried()).isEqualTo(2);
    assertThat(inState("failed")).hasSize(2);
  }

  @Test
  void a_few_among_very_many_are_reached_by_going_on() {
    List<UUID> meant = failed("a", 2);
    failed("b", 3_000);

    int retried = 0;
    Optional<UUID> next = Optional.empty();
    do {
      Redriven redriven = redriver.redrive(FAILED.withType("a"), 10, next);
      retried += redriven.retried();
      next = redriven.next();
    } while (next.isPresent());

    assertThat(retried).isEqualTo(2);
    assertThat(inState("queued")).containsExactlyInAnyOrderElementsOf(meant);
  }

  private static List<UUID> failed(String type, int count) {
    UUID worker = Tasks.worker(DATABASE, "w1");
    List<UUID> ids = Tasks.in(DATABASE).type(type).maxAttempts(1).many(count);
    Tasks.lease(DATABASE, worker, ids);
    assertThat(
            Ends.writer(DATABASE.dataSource())
                .write(
                    ids.stream().<AttemptEnd>map(id -> Ends.setback(id, 1, Kind.FAILED)).toList(),
                    List.of()))
        .hasSize(count);
    return ids;
  }

  private static UUID cancelled(String type) {
    UUID id = Tasks.in(DATABASE).type(type).one();
    DATABASE.inTransaction(source -> new Canceller(source).cancel(id));
    return id;
  }

  private static List<UUID> inState(String state) {
    return DATABASE.column(
        UUID.class, "select id from trunkline.task_status where state = ?", state);
  }
}
