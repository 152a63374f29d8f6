package dev.trunkline.finish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.trunkline.database.Tasks;
import dev.trunkline.database.TestDatabase;
import dev.trunkline.finish.AttemptEnd.Kind;
import dev.trunkline.task.Refusal;
import dev.trunkline.task.RefusedException;
import dev.trunkline.task.TaskState;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ForgetSqlTest {

  private static final TestDatabase DATABASE = TestDatabase.fresh();

  private final UUID worker = Tasks.worker(DATABASE, "w1");
  private final AttemptEndWriter writer = Ends.writer(DATABASE.dataSource());

  @Test
  void a_final_task_is_forgotten_with_all_that_belongs_to_it() {
    UUID failed = ended(Ends.setback(running(), 1, Kind.REJECTED));
    UUID succeeded = ended(Ends.success(running(), 1));
    DATABASE.update(
        """
        insert into trunkline.task_tag (tag, task_id)
        select 'red', id from trunkline.task where id = ?
        """,
        failed);
    DATABASE.update("update trunkline.task set tags = '{red}' where id = ?", failed);

    forget(failed);
    forget(succeeded);

    for (String table :
        List.of("task where id", "attempt where task_id", "task_tag where task_id")) {
      assertThat(DATABASE.rows("select from trunkline." + table + " in (?, ?)", failed, succeeded))
          .isEmpty();
    }
    assertThat(DATABASE.rows("select from trunkline.unsuccessful where task_id = ?", failed))
        .isEmpty();
  }

  @Test
  void one_that_is_not_final_stays() {
    UUID queued = Tasks.in(DATABASE).one();
    UUID running = running();

    Map.of(queued, TaskState.QUEUED, running, TaskState.RUNNING)
        .forEach(
            (id, state) ->
                assertThatThrownBy(() -> forget(id))
                    .isInstanceOfSatisfying(
                        RefusedException.class,
                        refused ->
                            assertThat(refused.refusal())
                                .isEqualTo(
                                    new Refusal.WrongState(
                                        id, state, "succeeded, failed or cancelled"))));
    assertThat(DATABASE.rows("select from trunkline.task where id in (?, ?)", queued, running))
        .hasSize(2);
  }

  @Test
  void one_that_is_not_there_is_said_not_to_be_there() {
    UUID unknown = UUID.randomUUID();

    assertThatThrownBy(() -> forget(unknown))
        .isInstanceOfSatisfying(
            RefusedException.class,
            refused ->
                assertThat(refused.refusal())
                    .isEqualTo(new Refusal.NoSuchTask(unknown.toString())));
  }

  private UUID running() {
    UUID id = Tasks.in(DATABASE).one();
    Tasks.lease(DATABASE, worker, List.of(id));
    return id;
  }

  private UUID ended(AttemptEnd end) {
    assertThat(writer.write(List.of(end), List.of())).hasSize(1);
    return end.ran().token().taskId();
  }

  private static void forget(UUID id) {
    DATABASE.inTransaction(
        source -> {
          new Forgetter(source).forget(id);
          return true;
        });
  }
}
