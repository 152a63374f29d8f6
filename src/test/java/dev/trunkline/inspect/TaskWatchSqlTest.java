package dev.trunkline.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.trunkline.database.StoreException;
import dev.trunkline.database.Tasks;
import dev.trunkline.database.TestDatabase;
import dev.trunkline.database.Unreachable;
import dev.trunkline.finish.AttemptEnd;
import dev.trunkline.finish.AttemptEnd.Kind;
import dev.trunkline.finish.Ends;
import dev.trunkline.task.AttemptsEnded;
import dev.trunkline.task.RefusedException;
import dev.trunkline.task.TaskState;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Nothing here turns the watch but the tests; what they change, any process may have changed. */
class TaskWatchSqlTest {

  private static final TestDatabase DATABASE = TestDatabase.fresh();
  private static final Duration LONG = Duration.ofHours(1);

  private final AtomicInteger connections = new AtomicInteger();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final TaskWatch watch =
      watch(Unreachable.after(connections::incrementAndGet, DATABASE.dataSource()));
  private final UUID worker = Tasks.worker(DATABASE, "w1");
  private final Tasks tasks = Tasks.in(DATABASE);

  @Test
  void who_waits_is_answered_when_some_process_has_ended_the_task() {
    UUID task = running();
    CompletableFuture<TaskSnapshot> end = watch.end(task, LONG);
    watch.runOnce();
    assertThat(end).isNotDone();

    write(Ends.success(task, 1));
    watch.runOnce();

    assertThat(end).isCompletedWithValueMatching(TaskSnapshot::isFinal);
    assertThat(end.join().json()).contains("\"result\":{\"done\": true}");
    assertThat(watched()).isZero();
  }

  @Test
  void an_end_that_came_before_the_waiting_is_not_missed() {
    UUID task = running();
    write(Ends.success(task, 1));

    CompletableFuture<TaskSnapshot> end = watch.end(task, LONG);
    watch.runOnce();

    assertThat(end).isCompletedWithValueMatching(TaskSnapshot::isFinal);
  }

  @ParameterizedTest
  @EnumSource(
      value = Kind.class,
      names = {"REJECTED", "CANCELLED"})
  void failure_and_cancellation_are_ends_as_well(Kind kind) {
    UUID task = running();
    CompletableFuture<TaskSnapshot> end = watch.end(task, LONG);
    write(Ends.setback(task, 1, kind));

    watch.runOnce();

    assertThat(end).isCompletedWithValueMatching(TaskSnapshot::isFinal);
  }

  @Test
  void an_attempt_that_another_follows_is_no_end() {
    UUID task = running();
    CompletableFuture<TaskSnapshot> end = watch.end(task, LONG);
    write(Ends.setback(task, 1, Kind.FAILED));

    watch.runOnce();

    assertThat(end).isNotDone();
  }

  @Test
  void when_the_time_is_over_the_answer_is_the_present_state() {
    CompletableFuture<TaskSnapshot> end = watch.end(running(), Duration.ZERO);

    watch.runOnce();

    assertThat(end).isCompletedWithValueMatching(task -> task.task().state == TaskState.RUNNING);
    assertThat(watched()).isZero();
  }

  @Test
  void before_the_process_leaves_everybody_is_answered() {
    CompletableFuture<TaskSnapshot> before = watch.end(running(), LONG);
    Told stream = watching(running());
    watch.runOnce();
    watch.atGoodbye(new ShutdownDelayInitiatedEvent());
    CompletableFuture<TaskSnapshot> after = watch.end(running(), LONG);
    assertThat(before).isNotDone();

    watch.runHinted();

    assertThat(before).isCompletedWithValueMatching(task -> !task.isFinal());
    assertThat(after).isCompletedWithValueMatching(task -> !task.isFinal());
    assertThat(stream.events).endsWith("goodbye");
    Told late = watching(running());
    assertThat(late.events).containsExactly("goodbye");
  }

  @Test
  void who_gives_up_is_not_watched_for_any_more() {
    CompletableFuture<TaskSnapshot> end = watch.end(running(), LONG);
    assertThat(watched()).isEqualTo(1);
    assertThat(meters.get("trunkline.waits").gauge().value()).isEqualTo(1);

    end.cancel(false);

    assertThat(watched()).isZero();
    assertThat(meters.get("trunkline.waits").gauge().value()).isZero();
  }

  @Test
  void who_waits_for_a_task_that_is_deleted_is_told_so() {
    UUID task = tasks.one();
    CompletableFuture<TaskSnapshot> end = watch.end(task, LONG);
    Told stream = watching(task);
    watch.runOnce();
    DATABASE.update("delete from trunkline.ready where task_id = ?", task);
    DATABASE.update("delete from trunkline.task where id = ?", task);

    watch.runOnce();

    assertThatThrownBy(end::join)
        .isInstanceOf(CompletionException.class)
        .hasCauseInstanceOf(RefusedException.class);
    assertThat(stream.events).endsWith("deleted");
  }

  @Test
  void nobody_is_asked_while_nobody_watches() {
    watch.runOnce();
    watch.runHinted();

    assertThat(connections).hasValue(0);
  }

  @Test
  void all_watchers_share_a_question_and_nothing_is_read_that_has_not_changed() {
    List<UUID> many = tasks.many(1_000);
    many.forEach(task -> watch.end(task, LONG));
    watch.runOnce();
    assertThat(connections).hasValue(1);

    many.forEach(this::watching);
    connections.set(0);
    watch.runOnce();
    assertThat(connections).as("a question and 125 readings").hasValue(126);

    connections.set(0);
    watch.runOnce();
    assertThat(connections).hasValue(1);
    tasks.many(1).forEach(task -> watch.end(task, LONG));
    connections.set(0);
    watch.runOnce();
    assertThat(connections).as("a thousand in one question").hasValue(2);
  }

  @Test
  void every_change_is_told_once() {
    UUID task = tasks.dueIn(Duration.ofHours(1)).one();
    Told stream = watching(task);
    Told other = watching(task);
    look();
    due(task);
    look();
    Tasks.lease(DATABASE, worker, List.of(task));
    look();
    DATABASE.update("update trunkline.task set progress = '{\"percent\": 1}' where id = ?", task);
    look();
    write(Ends.setback(task, 1, Kind.FAILED));
    look();
    Tasks.lease(DATABASE, worker, List.of(task));
    look();
    write(Ends.success(task, 2));
    look();

    assertThat(stream.events)
        .containsExactly(
            "scheduled 1",
            "queued 1",
            "running 1",
            "running 1",
            "queued 2",
            "running 2",
            "succeeded 2");
    assertThat(stream.digests).doesNotHaveDuplicates();
    assertThat(stream.standings.get(2)).isEqualTo(stream.standings.get(3));
    assertThat(Set.copyOf(stream.standings)).as("all but the progress").hasSize(6);
    assertThat(other.events).isEqualTo(stream.events);
  }

  @Test
  void what_no_reader_can_see_changes_no_digest() {
    UUID task = running();
    Told stream = watching(task);
    watch.runOnce();
    DATABASE.update(
        "update trunkline.task set cancel_requested_at = clock_timestamp() where id = ?", task);
    watch.runOnce();

    assertThat(stream.digests).hasSize(2);
    assertThat(stream.digests.getFirst()).isEqualTo(stream.digests.getLast());
  }

  @Test
  void a_hint_is_enough_for_a_look_at_its_task_alone() {
    UUID task = running();
    UUID other = running();
    watch.end(running(), LONG);
    watch.runHinted();
    connections.set(0);
    CompletableFuture<TaskSnapshot> end = watch.end(task, LONG);
    CompletableFuture<TaskSnapshot> otherEnd = watch.end(other, LONG);
    write(Ends.success(task, 1));
    write(Ends.success(other, 1));

    watch.onEnd(new AttemptsEnded(Set.of(task, UUID.randomUUID())));
    watch.runHinted();

    assertThat(end).isCompleted();
    assertThat(otherEnd).isNotDone();
  }

  @Test
  void while_the_database_is_away_only_those_whose_time_is_over_hear_of_it() {
    UUID task = running();
    TaskWatch away = watch(Unreachable.times(1, DATABASE.dataSource()));
    CompletableFuture<TaskSnapshot> over = away.end(task, Duration.ZERO);
    CompletableFuture<TaskSnapshot> patient = away.end(task, LONG);

    assertThat(away.runOnce()).isFalse();

    assertThatThrownBy(over::join).hasCauseInstanceOf(StoreException.class);
    assertThat(patient).isNotDone();
    write(Ends.success(task, 1));
    assertThat(away.runOnce()).isTrue();
    assertThat(patient).isCompletedWithValueMatching(TaskSnapshot::isFinal);
  }

  @Test
  void a_watcher_that_fails_is_left_out_and_the_others_are_told() {
    UUID task = running();
    watch.add(
        new Told(task) {
          @Override
          public void tell(Stamp stamp, TaskSnapshot snapshot) {
            throw new IllegalStateException("the connection is broken");
          }
        });
    Told other = watching(task);

    watch.runOnce();
    watch.runOnce();

    assertThat(other.events).containsExactly("running 1");
    assertThat(meters.get("trunkline.watched.tasks").gauge().value()).isEqualTo(1);
    watch.remove(other);
    assertThat(watched()).isZero();
  }

  private void look() {
    watch.runOnce();
    watch.runOnce();
  }

  private void due(UUID task) {
    DATABASE.update(
        """
        with due as (
          update trunkline.task set run_at = clock_timestamp() where id = ? returning id, run_at
        )
        update trunkline.ready set due = due.run_at from due where task_id = due.id
        """,
        task);
  }

  private UUID running() {
    UUID task = tasks.one();
    Tasks.lease(DATABASE, worker, List.of(task));
    return task;
  }

  private Told watching(UUID task) {
    Told watcher = new Told(task);
    watch.add(watcher);
    return watcher;
  }

  private double watched() {
    return meters.get("trunkline.watched.tasks").gauge().value();
  }

  private static void write(AttemptEnd end) {
    assertThat(Ends.writer(DATABASE.dataSource()).write(List.of(end), List.of())).hasSize(1);
  }

  private TaskWatch watch(DataSource dataSource) {
    ObjectMapper mapper =
        new ObjectMapper()
            .registerModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS);
    return new TaskWatch(new WatchReader(dataSource, new Snapshots(mapper)), meters);
  }

  /** Wants every change, and notes what it is told. */
  private static class Told implements Watcher {

    final List<String> events = new ArrayList<>();
    final List<String> digests = new ArrayList<>();
    final List<String> standings = new ArrayList<>();
    private final UUID task;
    private String version = "";

    Told(UUID task) {
      this.task = task;
    }

    @Override
    public UUID task() {
      return task;
    }

    @Override
    public boolean wants(Stamp stamp) {
      return !stamp.version().equals(version);
    }

    @Override
    public void tell(Stamp stamp, TaskSnapshot snapshot) {
      version = stamp.version();
      digests.add(snapshot.digest());
      standings.add(snapshot.standing());
      events.add(snapshot.task().state.word() + " " + snapshot.task().attempt);
    }

    @Override
    public void deleted() {
      events.add("deleted");
    }

    @Override
    public void unanswered(Throwable why) {
      events.add("unanswered");
    }

    @Override
    public void goodbye() {
      events.add("goodbye");
    }
  }
}
