package dev.trunkline.submit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.trunkline.database.Crowd;
import dev.trunkline.database.TestDatabase;
import dev.trunkline.task.Refusal;
import dev.trunkline.task.RefusedException;
import dev.trunkline.task.Task;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class IdempotencySqlTest {

  private static final TestDatabase DATABASE = TestDatabase.fresh();

  private final TaskWriter writer = new TaskWriter(DATABASE.dataSource());

  @Test
  void of_fifty_writers_with_one_key_one_stores_its_task() throws Exception {
    Callable<Optional<Task>> writing = () -> write(NewTasks.keyed("one")).getFirst();

    List<Optional<Task>> stored = Crowd.run(Collections.nCopies(50, writing));

    assertThat(stored).filteredOn(Optional::isPresent).hasSize(1);
    assertThat(idsUnder("one"))
        .containsExactly(stored.stream().flatMap(Optional::stream).findFirst().orElseThrow().id);
    assertThat(
            DATABASE.count(
                "select count(*) from trunkline.ready r join trunkline.task t on t.id = r.task_id"
                    + " where t.idempotency_key = 'one'"))
        .isEqualTo(1);
  }

  @Test
  void within_one_batch_the_first_under_a_key_is_stored() {
    List<Optional<Task>> stored =
        write(
            NewTasks.keyed("twin"), NewTasks.plain(), NewTasks.keyed("twin"), NewTasks.keyed("x"));

    assertThat(stored).extracting(Optional::isPresent).containsExactly(true, true, false, true);
    assertThat(idsUnder("twin")).containsExactly(stored.getFirst().orElseThrow().id);
  }

  @Test
  void tasks_without_a_key_are_all_stored() {
    assertThat(write(NewTasks.plain(), NewTasks.plain())).allMatch(Optional::isPresent);
  }

  @Test
  void a_key_that_was_used_for_something_else_is_refused() {
    write(NewTasks.keyed("taken"));

    assertThatThrownBy(() -> writer.findByKey(another("taken")))
        .isInstanceOfSatisfying(
            RefusedException.class,
            refused -> assertThat(refused.refusal()).isEqualTo(new Refusal.KeyReused("taken")));
  }

  @Test
  void a_key_that_nobody_used_finds_nothing() {
    assertThat(writer.findByKey(NewTasks.submissionUnder("free"))).isEmpty();
  }

  @Test
  void a_key_that_was_used_for_the_same_finds_its_task() {
    Task first = write(NewTasks.keyed("same")).getFirst().orElseThrow();

    assertThat(
            DATABASE.column(
                UUID.class,
                """
                select id from trunkline.task
                where idempotency_key = 'same'
                  and idempotency_hash = trunkline.fingerprint(type, payload, ?::jsonb)
                """,
                Asked.json(NewTasks.submissionUnder("same"))))
        .containsExactly(first.id);
  }

  @RepeatedTest(5)
  void batches_with_the_same_keys_do_not_wait_for_each_other_in_a_circle(RepetitionInfo repetition)
      throws Exception {
    String prefix = "batch-" + repetition.getCurrentRepetition() + "-";
    List<NewTask> tasks =
        IntStream.range(0, 500).mapToObj(i -> NewTasks.keyed(prefix + i)).toList();

    List<List<Optional<Task>>> stored =
        Crowd.run(List.of(() -> writer.write(tasks), () -> writer.write(tasks.reversed())));

    assertThat(stored.stream().flatMap(List::stream).filter(Optional::isPresent)).hasSize(500);
  }

  private static Submission another(String key) {
    Submission plain = Submission.of("test", "{}");
    return new Submission(
        plain.type(),
        plain.payload(),
        Optional.of("elsewhere"),
        plain.priority(),
        plain.tags(),
        plain.delay(),
        plain.runAt(),
        plain.maxAttempts(),
        plain.timeout(),
        plain.expiresAt(),
        Optional.of(key),
        null);
  }

  private List<Optional<Task>> write(NewTask... tasks) {
    return writer.write(List.of(tasks));
  }

  private static List<UUID> idsUnder(String key) {
    return DATABASE.column(
        UUID.class, "select id from trunkline.task where idempotency_key = ?", key);
  }
}
