package dev.trunkline.submit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.trunkline.claim.Direct;
import dev.trunkline.claim.DirectClaim;
import dev.trunkline.claim.DirectClaim.Leased;
import dev.trunkline.database.StoreException;
import dev.trunkline.database.Tasks;
import dev.trunkline.database.TestDatabase;
import dev.trunkline.database.Unreachable;
import dev.trunkline.task.Outcome;
import dev.trunkline.task.Registries;
import dev.trunkline.task.Task;
import dev.trunkline.task.TaskContext;
import dev.trunkline.task.TaskHandler;
import dev.trunkline.task.TaskState;
import dev.trunkline.task.TaskType;
import java.sql.Connection;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Submissions that claim their tasks, for a worker of three slots. */
@Timeout(60)
class ClaimingWriterSqlTest {

  private static final TestDatabase DATABASE = TestDatabase.fresh();

  private final Held handler = new Held();
  private final Direct here = new Direct(DATABASE, handler, Map.of());
  private final ClaimingWriter writer = writer(here, DATABASE.dataSource());

  @BeforeEach
  void beginWithQueuesThatAreKnown() {
    DATABASE.update("delete from trunkline.ready");
    DATABASE.update("delete from trunkline.lease");
    DATABASE.update("delete from trunkline.queue");
    DATABASE.update("insert into trunkline.queue (name) values ('default'), ('other')");
  }

  @AfterEach
  void endWhatRuns() {
    handler.free.countDown();
    Awaitility.await().until(here.running::isEmpty);
    assertThat(here.taken()).isZero();
  }

  @Test
  void what_there_is_a_slot_for_runs_and_has_never_waited() throws Exception {
    Task task = write(NewTasks.plain());

    assertThat(handler.begun.poll(30, TimeUnit.SECONDS)).isEqualTo(task.id);
    assertThat(isWaiting(task)).isFalse();
    assertThat(status(task)).isEqualTo("running");
    assertThat(leasedTo(here.worker())).containsExactly(task.id);
    assertThat(here.claimed()).isEqualTo(1);
    assertThat(task.state).as("as it was taken").isEqualTo(TaskState.QUEUED);
  }

  @Test
  void it_ends_as_any_other() {
    handler.free.countDown();

    Task task = write(NewTasks.plain());

    Awaitility.await().until(() -> status(task).equals("succeeded"));
  }

  @Test
  void the_handler_gets_what_every_later_attempt_would_get() throws Exception {
    Task task = write(NewTasks.of(NewTasks.submission("{\"b\":1.0, \"a\": 1e2,\"b\":2}", "k")));

    handler.begun.poll(30, TimeUnit.SECONDS);

    assertThat(handler.payloads.poll()).isEqualTo(Map.of("a", 100, "b", 2));
    assertThat(
            DATABASE.value(
                String.class, "select payload::text from trunkline.task where id = ?", task.id))
        .isEqualTo("{\"a\": 100, \"b\": 2}");
  }

  @Test
  void what_there_is_no_slot_for_waits_with_nobody_behind_it() {
    List<Task> tasks = write(Collections.nCopies(5, NewTasks.plain()));

    assertThat(tasks).extracting(this::isWaiting).containsExactly(false, false, false, true, true);
    assertThat(here.taken()).isEqualTo(3);
    assertThat(isWaiting(write(NewTasks.plain()))).isTrue();
  }

  @Test
  void the_slots_of_one_queue_are_not_those_of_another() {
    write(Collections.nCopies(3, NewTasks.plain()));

    assertThat(isWaiting(write(NewTasks.inQueue("other")))).isFalse();
  }

  @Test
  void nothing_is_claimed_while_the_dispatcher_looks() {
    here.close();

    assertThat(isWaiting(write(NewTasks.plain()))).isTrue();
  }

  @Test
  void a_turn_of_the_dispatcher_that_was_overtaken_opens_nothing() {
    here.openTooLate();

    assertThat(isWaiting(write(NewTasks.plain()))).isTrue();
  }

  @Test
  void what_is_due_later_waits() {
    assertThat(isWaiting(write(NewTasks.delayed(Duration.ofMinutes(1))))).isTrue();
    assertThat(isWaiting(write(NewTasks.at(Instant.now().plusSeconds(60))))).isTrue();
    assertThat(here.taken()).isZero();
  }

  @Test
  void nor_does_the_statement_claim_what_is_not_due_or_has_expired() {
    List<NewTask> tasks = List.of(NewTasks.delayed(Duration.ofMinutes(1)), NewTasks.expired());
    DirectClaim claim =
        here.claims.begin(Collections.nCopies(2, Optional.of("default"))).orElseThrow();

    List<Written> written = new TaskWriter(DATABASE.dataSource()).writeAndClaim(tasks, claim);
    claim.start(List.of());

    assertThat(written).hasSize(2).allMatch(one -> one.leased().isEmpty());
    assertThat(written).allMatch(one -> isWaiting(one.task().orElseThrow()));
  }

  @Test
  void a_type_without_a_handler_here_waits() {
    ClaimingWriter others =
        new ClaimingWriter(new TaskWriter(DATABASE.dataSource()), here.claims, Registries.of());

    assertThat(others.write(List.of(NewTasks.plain())).getFirst().leased()).isEmpty();
    assertThat(here.taken()).isZero();
  }

  @Test
  void a_queue_that_is_not_served_here_is_left_to_others() {
    Direct elsewhere = new Direct(DATABASE, handler, Map.of("trunkline.worker.queues", "other"));
    ClaimingWriter others = writer(elsewhere, DATABASE.dataSource());

    assertThat(others.write(List.of(NewTasks.plain())).getFirst().leased()).isEmpty();
    assertThat(others.write(List.of(NewTasks.inQueue("other"))).getFirst().leased()).isPresent();
  }

  @Test
  void a_process_that_runs_no_tasks_claims_none() {
    Direct idle = new Direct(DATABASE, handler, Map.of("trunkline.worker.enabled", "false"));

    assertThat(
            writer(idle, DATABASE.dataSource())
                .write(List.of(NewTasks.plain()))
                .getFirst()
                .leased())
        .isEmpty();
  }

  @Test
  void of_a_paused_queue_nothing_is_claimed() {
    DATABASE.update("update trunkline.queue set paused_at = now() where name = 'default'");

    assertThat(isWaiting(write(NewTasks.plain()))).isTrue();
    assertThat(here.taken()).isZero();
  }

  @Test
  void a_queue_that_could_not_be_claimed_from_is_not_asked_for_again_at_once() {
    DATABASE.update("update trunkline.queue set paused_at = now() where name = 'default'");
    write(NewTasks.plain());
    DATABASE.update("update trunkline.queue set paused_at = null");

    assertThat(here.claims.begin(List.of(Optional.of("default")))).isEmpty();
    Awaitility.await().until(() -> !isWaiting(write(NewTasks.plain())));
  }

  @Test
  void nobody_waits_for_whoever_pauses_a_queue() throws Exception {
    try (Connection pauser = DATABASE.connect()) {
      pauser.setAutoCommit(false);
      pauser.createStatement().execute("select trunkline.await_claims()");

      assertThat(isWaiting(write(NewTasks.plain()))).isTrue();
      pauser.rollback();
    }
  }

  @Test
  void after_a_pause_has_returned_no_submission_starts_its_task() {
    handler.free.countDown();
    for (int round = 0; round < 10; round++) {
      String queue = "reins-" + round;
      DATABASE.update("insert into trunkline.queue (name) values (?)", queue);
      Queue<Instant> starts = new ConcurrentLinkedQueue<>();
      CompletableFuture<Void> submitter =
          CompletableFuture.runAsync(() -> submitUntilNothingStarts(queue, starts));
      Awaitility.await().pollInterval(Duration.ofMillis(2)).until(() -> starts.size() > 2);

      here.pause(queue);
      Instant returned = DATABASE.value(Timestamp.class, "select clock_timestamp()").toInstant();
      submitter.join();

      assertThat(starts).allSatisfy(at -> assertThat(at).isBefore(returned));
    }
  }

  private void submitUntilNothingStarts(String queue, Queue<Instant> starts) {
    Written written;
    do {
      Awaitility.await().pollInterval(Duration.ofMillis(1)).until(() -> here.taken() == 0);
      written = writer.write(List.of(NewTasks.inQueue(queue))).getFirst();
      written.leased().map(Leased::startedAt).ifPresent(starts::add);
    } while (written.leased().isPresent());
  }

  @Test
  void the_first_task_of_a_queue_waits_until_the_queue_is_there() {
    assertThat(isWaiting(write(NewTasks.inQueue("new")))).isTrue();
    assertThat(isWaiting(write(NewTasks.plain()))).isFalse();
  }

  @Test
  void a_worker_that_was_declared_dead_gets_nothing() {
    DATABASE.update("update trunkline.worker set dead_at = now() where id = ?", here.worker());

    assertThat(isWaiting(write(NewTasks.plain()))).isTrue();
    assertThat(handler.begun).isEmpty();
  }

  @Test
  void what_a_worker_claims_that_is_given_up_meanwhile_is_not_started() {
    DataSource giveUp = Unreachable.after(here::giveUp, DATABASE.dataSource());

    Written written = writer(here, giveUp).write(List.of(NewTasks.plain())).getFirst();

    assertThat(written.leased()).as("it was claimed").isPresent();
    assertThat(here.running.isEmpty()).isTrue();
    assertThat(handler.begun).isEmpty();
  }

  @Test
  void a_key_that_is_taken_claims_nothing() {
    write(NewTasks.keyed("taken"));

    Written again = writer.write(List.of(NewTasks.keyed("taken"))).getFirst();

    assertThat(again.task()).isEmpty();
    assertThat(again.leased()).isEmpty();
    assertThat(here.taken()).isEqualTo(1);
  }

  @Test
  void a_write_that_fails_gives_its_slots_back_and_its_lease_is_remembered() {
    ClaimingWriter failing = writer(here, Unreachable.times(1, DATABASE.dataSource()));

    assertThatThrownBy(() -> failing.write(List.of(NewTasks.plain())))
        .isInstanceOf(StoreException.class);

    assertThat(here.taken()).isZero();
    assertThat(here.unanswered()).hasSize(1);
  }

  @Test
  void whoever_counted_the_slots_meanwhile_hears_that_they_are_free() throws Exception {
    DataSource closing = Unreachable.after(here::close, DATABASE.dataSource());

    writer(here, closing).write(List.of(NewTasks.plain()));

    assertThat(here.slotFree.await(1)).isTrue();
  }

  @Test
  void a_shutdown_waits_for_what_is_under_way_and_then_there_is_none() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    DataSource slow =
        Unreachable.after(
            () -> {
              asked.countDown();
              awaitUninterruptibly(goOn);
            },
            DATABASE.dataSource());
    CompletableFuture<Void> write =
        CompletableFuture.runAsync(() -> writer(here, slow).write(List.of(NewTasks.plain())));
    asked.await();

    CompletableFuture<Void> stop = CompletableFuture.runAsync(this::stop);
    assertThatThrownBy(() -> stop.get(300, TimeUnit.MILLISECONDS)).isNotNull();
    goOn.countDown();
    stop.join();

    assertThat(here.running.isEmpty()).as("the drain sees it").isFalse();
    write.join();
    assertThat(isWaiting(write(NewTasks.plain()))).isTrue();
  }

  private void stop() {
    try {
      here.stop(Duration.ofSeconds(30));
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private ClaimingWriter writer(Direct process, DataSource dataSource) {
    return new ClaimingWriter(new TaskWriter(dataSource), process.claims, Registries.of(handler));
  }

  private Task write(NewTask task) {
    return write(List.of(task)).getFirst();
  }

  private List<Task> write(List<NewTask> tasks) {
    return writer.write(tasks).stream().map(written -> written.task().orElseThrow()).toList();
  }

  private boolean isWaiting(Task task) {
    return Tasks.isWaiting(DATABASE, task.id);
  }

  private static String status(Task task) {
    return DATABASE.value(
        String.class, "select state from trunkline.task_status where id = ?", task.id);
  }

  private static List<UUID> leasedTo(UUID worker) {
    return DATABASE.column(
        UUID.class, "select unnest(task_ids) from trunkline.lease where worker_id = ?", worker);
  }

  /** Runs until it is let go. */
  @SuppressWarnings("rawtypes") // there is no class object of a map with its types
  private static final class Held implements TaskHandler<Map, Object> {

    private final CountDownLatch free = new CountDownLatch(1);
    private final LinkedBlockingQueue<UUID> begun = new LinkedBlockingQueue<>();
    private final LinkedBlockingQueue<Object> payloads = new LinkedBlockingQueue<>();

    @Override
    public TaskType<Map, Object> type() {
      return TaskType.named("test", Map.class, Object.class);
    }

    @Override
    public Outcome<Object> handle(Map payload, TaskContext context) throws InterruptedException {
      payloads.add(payload);
      begun.add(context.taskId());
      free.await();
      return Outcome.succeeded("done");
    }
  }
}
