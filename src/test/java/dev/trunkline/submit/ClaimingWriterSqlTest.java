package dev.trunkline.submit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.trunkline.claim.Direct;
import dev.trunkline.claim.DirectClaim;
import dev.trunkline.claim.DirectClaims.Candidate;
import dev.trunkline.database.StoreException;
import dev.trunkline.database.Tasks;
import dev.trunkline.database.TestDatabase;
import dev.trunkline.database.Unreachable;
import dev.trunkline.execute.Patient;
import dev.trunkline.task.Registries;
import dev.trunkline.task.Task;
import dev.trunkline.task.TaskState;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
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

  private static final String WAITING_FOR_A_ROW =
      """
      select count(*) from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock'
      """;

  private final Patient handler = new Patient();
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
    Task task = write(NewTasks.of(Submission.of("test", "{\"b\":1.0, \"a\": 1e2,\"b\":2}")));

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
  void the_first_priority_comes_first() {
    List<Task> tasks =
        write(
            List.of(
                NewTasks.ofPriority(9),
                NewTasks.ofPriority(8),
                NewTasks.ofPriority(0),
                NewTasks.ofPriority(7)));

    assertThat(tasks).extracting(this::isWaiting).containsExactly(true, false, false, false);
  }

  @Test
  void what_waits_for_a_slot_is_not_overtaken() {
    write(Collections.nCopies(4, NewTasks.plain()));

    assertThat(isWaiting(write(NewTasks.inQueue("other")))).isTrue();
    here.openBut(Set.of("default"));
    handler.free.countDown();
    Awaitility.await().until(here.running::isEmpty);
    assertThat(isWaiting(write(NewTasks.inQueue("other")))).isFalse();
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
    DirectClaim claim = claimFor(0, 1);

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
    elsewhere.open();
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

    here.open();
    assertThat(isWaiting(write(NewTasks.plain()))).isTrue();
    Awaitility.await()
        .until(
            () -> {
              here.open();
              return !isWaiting(write(NewTasks.plain()));
            });
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
  void a_pause_waits_for_what_is_about_to_start() throws Exception {
    DirectClaim claim = claimFor(0);
    try (Connection submitter = DATABASE.connect();
        PreparedStatement submission =
            submitter.prepareStatement(SubmitAndClaimSql.INSERT_AND_CLAIM)) {
      submitter.setAutoCommit(false);
      SubmitAndClaimSql.bind(submission, List.of(NewTasks.plain()), claim);
      submission.execute();

      CompletableFuture<Void> pause = CompletableFuture.runAsync(() -> here.pause("default"));
      assertThatThrownBy(() -> pause.get(300, TimeUnit.MILLISECONDS))
          .isInstanceOf(TimeoutException.class);
      submitter.commit();
      pause.get(30, TimeUnit.SECONDS);
    }
    claim.failed(false);
    assertThat(leasedTo(here.worker())).as("before the pause").hasSize(1);
  }

  @Test
  void what_waits_for_somebody_keeps_no_pause_waiting() throws Exception {
    try (Connection other = DATABASE.connect()) {
      other.setAutoCommit(false);
      other.createStatement().execute("insert into trunkline.queue (name) values ('fresh')");
      CompletableFuture<Task> behind =
          CompletableFuture.supplyAsync(() -> write(NewTasks.inQueue("fresh")));
      Awaitility.await().until(() -> DATABASE.count(WAITING_FOR_A_ROW) > 0);

      here.pause("default");
      other.commit();

      assertThat(isWaiting(behind.get(30, TimeUnit.SECONDS))).isFalse();
    }
  }

  @Test
  void the_first_task_of_a_queue_is_claimed_too() {
    assertThat(isWaiting(write(NewTasks.inQueue("new")))).isFalse();
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

  /** A key may be held for long, and slots with it. */
  @Test
  void what_has_a_key_is_not_claimed() {
    SharedWrites shared = new SharedWrites(new TaskWriter(DATABASE.dataSource()), writer);

    assertThat(shared.store(NewTasks.keyed("k")).leased()).isEmpty();
    assertThat(shared.store(NewTasks.plain()).leased()).isPresent();
  }

  @Test
  void a_write_that_fails_gives_its_slots_back_and_its_lease_is_remembered() {
    ClaimingWriter failing = writer(here, Unreachable.times(1, DATABASE.dataSource()));

    assertThatThrownBy(() -> failing.write(List.of(NewTasks.plain())))
        .isInstanceOf(StoreException.class);

    assertThat(here.taken()).isZero();
    assertThat(here.unanswered()).hasSize(1);
    assertThat(here.ready.isQuiet()).as("the dispatcher is to look").isFalse();
    assertThat(isWaiting(write(NewTasks.plain()))).isTrue();
  }

  @Test
  void one_that_the_database_refuses_leaves_no_doubt() {
    assertThatThrownBy(() -> writer.write(List.of(NewTasks.of(Submission.of("test", "{")))))
        .isInstanceOf(StoreException.class);

    assertThat(here.taken()).isZero();
    assertThat(here.unanswered()).isEmpty();
    assertThat(isWaiting(write(NewTasks.plain()))).isFalse();
  }

  @Test
  void what_is_stored_and_cannot_be_started_is_given_back() {
    Direct broken = new Direct(DATABASE, handler, Map.of());
    broken.breakTheStart();

    Written written =
        writer(broken, DATABASE.dataSource()).write(List.of(NewTasks.plain())).getFirst();

    assertThat(written.task()).isPresent();
    assertThat(broken.unanswered()).hasSize(1);
    assertThat(broken.taken()).isZero();
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

  private DirectClaim claimFor(Integer... places) {
    return here.claims
        .begin(Stream.of(places).map(place -> new Candidate(place, "default", 5)).toList())
        .orElseThrow();
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
}
