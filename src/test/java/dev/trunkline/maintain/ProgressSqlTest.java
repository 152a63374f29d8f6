package dev.trunkline.maintain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trunkline.database.Crowd;
import dev.trunkline.database.Tasks;
import dev.trunkline.database.TestDatabase;
import dev.trunkline.execute.Attempts;
import dev.trunkline.execute.RunningAttempt;
import dev.trunkline.execute.RunningAttempts;
import dev.trunkline.finish.AttemptEnd;
import dev.trunkline.finish.AttemptEnd.Kind;
import dev.trunkline.finish.Ends;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class ProgressSqlTest {

  private static final TestDatabase DATABASE = TestDatabase.fresh();

  private final RunningAttempts running = new RunningAttempts();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final ProgressWriter writer =
      new ProgressWriter(DATABASE.dataSource(), running, Attempts.metrics(meters));
  private final UUID worker = Tasks.worker(DATABASE, "w1");

  @Test
  void the_newest_report_of_each_attempt_is_written() {
    List<UUID> tasks = leased(2);
    var first = Attempts.add(running, tasks.get(0), 1);
    Attempts.add(running, tasks.get(1), 1).progress(100, "\"quoted\"");
    first.progress(1, "old");
    first.progress(42, "new");

    writer.runOnce();

    assertThat(progress(tasks.get(0)))
        .containsEntry("percent", "42")
        .containsEntry("message", "new")
        .containsEntry("recent", true);
    assertThat(progress(tasks.get(1)))
        .containsEntry("percent", "100")
        .containsEntry("message", "\"quoted\"");
  }

  @Test
  void a_report_is_written_once() {
    UUID task = leased(1).getFirst();
    Attempts.add(running, task, 1).progress(1, "once");
    writer.runOnce();
    DATABASE.update("update trunkline.task set progress = null where id = ?", task);

    writer.runOnce();

    assertThat(progress(task)).containsEntry("percent", null);
  }

  @Test
  void an_attempt_that_is_over_changes_nothing_and_is_stopped() {
    List<UUID> tasks = leased(3);
    Ends.writer(DATABASE.dataSource())
        .write(
            List.of(Ends.setback(tasks.get(0), 1, Kind.WORKER_LOST), Ends.success(tasks.get(1), 1)),
            List.of());
    List<RunningAttempt> attempts =
        tasks.stream().map(task -> Attempts.add(running, task, 1)).toList();
    attempts.forEach(attempt -> attempt.progress(1, "late"));

    writer.runOnce();

    assertThat(attempts).extracting(RunningAttempt::isCancelled).containsExactly(true, true, false);
    assertThat(meters.get("trunkline.writes.refused").tag("write", "progress").counter().count())
        .isEqualTo(2);

    assertThat(progress(tasks.get(0))).containsEntry("percent", null);
    assertThat(progress(tasks.get(1))).containsEntry("percent", null);
    assertThat(progress(tasks.get(2))).containsEntry("percent", "1");
  }

  @Test
  void a_nul_in_a_message_is_no_obstacle() {
    UUID task = leased(1).getFirst();
    Attempts.add(running, task, 1).progress(1, "a\0b");

    writer.runOnce();

    assertThat(progress(task)).containsEntry("message", "a b");
  }

  @RepeatedTest(5)
  void reports_and_ends_do_not_wait_for_each_other_in_a_circle(RepetitionInfo repetition)
      throws Exception {
    List<UUID> tasks = new ArrayList<>(leased(500));
    Collections.shuffle(tasks, new Random(repetition.getCurrentRepetition()));
    tasks.forEach(task -> Attempts.add(running, task, 1).progress(1, "late"));
    List<AttemptEnd> ends = tasks.stream().<AttemptEnd>map(id -> Ends.success(id, 1)).toList();

    Crowd.run(
        List.of(
            () ->
                DATABASE.inTransaction(
                    transaction -> {
                      new ProgressWriter(transaction, running, Attempts.metrics(meters)).runOnce();
                      return true;
                    }),
            () ->
                DATABASE.inTransaction(
                    transaction -> Ends.writer(transaction).write(ends, List.of()).size() == 500)));

    assertThat(
            DATABASE.count(
                "select count(*) from trunkline.task where state = 'succeeded' and type = 'test'"))
        .isGreaterThanOrEqualTo(500);
  }

  private List<UUID> leased(int count) {
    List<UUID> tasks = Tasks.in(DATABASE).many(count);
    Tasks.lease(DATABASE, worker, tasks);
    return tasks;
  }

  private static Map<String, Object> progress(UUID task) {
    return DATABASE.row(
        """
        select progress ->> 'percent' as percent, progress ->> 'message' as message,
          (progress ->> 'at')::timestamptz between now() - interval '1 minute' and now() as recent
        from trunkline.task where id = ?
        """,
        task);
  }
}
