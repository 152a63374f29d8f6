package dev.trunkline.execute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.arjuna.ats.jta.TransactionManager;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.trunkline.config.TestConfig;
import dev.trunkline.database.Tasks;
import dev.trunkline.database.TestDatabase;
import dev.trunkline.database.Unreachable;
import dev.trunkline.execute.RunningAttempt.Stop;
import dev.trunkline.finish.Completer;
import dev.trunkline.finish.Ends;
import dev.trunkline.task.AttemptToken;
import dev.trunkline.task.HandlerRegistry;
import dev.trunkline.task.Outcome;
import dev.trunkline.task.Registries;
import dev.trunkline.task.TaskContext;
import dev.trunkline.task.TaskHandler;
import dev.trunkline.task.TaskType;
import dev.trunkline.task.TasksReady;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import jakarta.validation.Validation;
import jakarta.validation.Validator;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class TaskExecutorSqlTest {

  private static final TestDatabase DATABASE = TestDatabase.fresh();
  private static final Validator VALIDATOR =
      Validation.buildDefaultValidatorFactory().getValidator();

  private final WorkerIdentity worker = new WorkerIdentity(Tasks.worker(DATABASE, "w1"), "w1");
  private final RunningAttempts running = new RunningAttempts();
  private final AtomicInteger takes = new AtomicInteger();
  private final Slots slots =
      Attempts.slots(this::onTake, Map.of("trunkline.worker.concurrency", "500"));
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final AttemptMetrics metrics = new AttemptMetrics(meters, new Runners(slots));
  private final Fired<TasksReady> ready = new Fired<>();
  private Leases leases;
  private AttemptScope scope;
  private Withdrawals withdrawals;
  private Runners oneByOne;
  private Runnable atSecondTake = () -> {};

  @Test
  void a_result_is_written_and_the_slot_is_free_again() throws InterruptedException {
    List<UUID> tasks = Tasks.in(DATABASE).many(2);
    UUID lease = Tasks.lease(DATABASE, worker.id(), tasks);
    Completer completer = Ends.completer(DATABASE.dataSource());

    executor(completer, (payload, context) -> Outcome.succeeded(payload.get("n")))
        .start(claimed(tasks, lease, Duration.ofMinutes(1)), worker);
    awaitLeft(0);
    completer.discardLeftLeases();

    assertThat(tasks)
        .allSatisfy(
            id ->
                assertThat(task(id))
                    .containsEntry("state", "succeeded")
                    .containsEntry("result", "1")
                    .containsEntry("worker", "w1"));
    assertThat(slots.taken()).isZero();
    assertThat(running.isEmpty()).isTrue();
    assertThat(DATABASE.rows("select from trunkline.lease where id = ?", lease)).isEmpty();
  }

  @Test
  void before_the_first_of_a_lease_runs_all_of_it_are_counted() throws InterruptedException {
    List<UUID> tasks = Tasks.in(DATABASE).many(500);
    UUID lease = Tasks.lease(DATABASE, worker.id(), tasks);
    CountDownLatch allRun = new CountDownLatch(tasks.size());
    Set<Integer> seen = ConcurrentHashMap.newKeySet();

    executor(
            Ends.completer(DATABASE.dataSource()),
            (payload, context) -> {
              seen.add(running.all().size());
              allRun.countDown();
              allRun.await();
              return Outcome.succeeded(null);
            })
        .start(claimed(tasks, lease, Duration.ofMinutes(1)), worker);
    awaitLeft(0);

    assertThat(seen).containsExactly(500);
  }

  @Test
  void the_end_of_one_that_timed_out_is_tried_again_while_the_database_is_away()
      throws InterruptedException {
    UUID task = Tasks.in(DATABASE).one();
    UUID lease = Tasks.lease(DATABASE, worker.id(), List.of(task));

    executor(
            Ends.completer(Unreachable.times(2, DATABASE.dataSource())),
            (payload, context) -> forEver())
        .start(claimed(List.of(task), lease, Duration.ofMillis(1)), worker);
    awaitLeft(0);

    assertThat(task(task)).containsEntry("state", "open").containsEntry("attempt", 2);
  }

  @Test
  void so_is_the_end_of_one_that_was_cancelled() throws InterruptedException {
    UUID task = Tasks.in(DATABASE).one();
    UUID lease = Tasks.lease(DATABASE, worker.id(), List.of(task));

    executor(
            Ends.completer(Unreachable.times(2, DATABASE.dataSource())),
            (payload, context) -> {
              running.stopAll(Stop.CANCELLED);
              return forEver();
            })
        .start(claimed(List.of(task), lease, Duration.ofMinutes(1)), worker);
    awaitLeft(0);

    assertThat(task(task)).containsEntry("state", "cancelled");
  }

  @Test
  void one_that_is_cancelled_before_its_turn_is_so_at_once_and_never_runs()
      throws InterruptedException {
    Behind behind = behindALongOne();
    RunningAttempt waiting = behind.waiting();
    waiting.stop(Stop.CANCELLED);

    withdrawals.runOnce();

    assertThat(task(waiting.taskId())).containsEntry("state", "cancelled");
    assertThat(running.contains(waiting.task().token())).isFalse();
    behind.free.countDown();
    awaitLeft(0);
    assertThat(behind.ran).doesNotContain(waiting.taskId()).hasSize(1);
  }

  @Test
  void one_that_waits_too_long_is_given_back_at_no_cost_and_told_of() throws InterruptedException {
    Behind behind = behindALongOne();
    RunningAttempt waiting = behind.waiting();
    withdrawals.runOnce();
    boolean stays = running.contains(waiting.task().token());
    assertThat(stays || waiting.waited().compareTo(Duration.ofSeconds(1)) >= 0)
        .as("it has only just come")
        .isTrue();
    assertThat(ready.isQuiet()).isEqualTo(stays);

    Awaitility.await()
        .until(
            () -> {
              withdrawals.runOnce();
              return !running.contains(waiting.task().token());
            });

    assertThat(Tasks.isWaiting(DATABASE, waiting.taskId())).isTrue();
    assertThat(oneByOne.waiting()).as("it is held no longer").isZero();
    assertThat(ready.await(1)).isTrue();
    assertThat(
            DATABASE.row(
                "select attempt, attempt_limit - max_attempts as given from trunkline.task"
                    + " where id = ?",
                waiting.taskId()))
        .containsEntry("attempt", 2)
        .containsEntry("given", 1);
    behind.free.countDown();
    awaitLeft(0);
    assertThat(behind.ran).doesNotContain(waiting.taskId()).hasSize(1);
  }

  @Test
  void of_one_that_waits_and_lost_its_lease_nothing_is_written() throws InterruptedException {
    Behind behind = behindALongOne();
    RunningAttempt waiting = behind.waiting();
    waiting.stop(Stop.LEASE_LOST);

    withdrawals.runOnce();

    assertThat(running.contains(waiting.task().token())).isFalse();
    assertThat(task(waiting.taskId())).containsEntry("state", "open").containsEntry("attempt", 1);
    assertThat(Tasks.isWaiting(DATABASE, waiting.taskId())).isFalse();
    assertThat(ready.isQuiet()).isTrue();
    behind.free.countDown();
  }

  @Test
  void where_not_all_can_be_started_none_is_held_here_and_their_lease_stays() {
    List<UUID> tasks = Tasks.in(DATABASE).many(2);
    UUID lease = Tasks.lease(DATABASE, worker.id(), tasks);
    Completer completer = Ends.completer(DATABASE.dataSource());
    atSecondTake =
        () -> {
          throw new StackOverflowError("of the test");
        };

    TaskExecutor executor = executor(completer, (payload, context) -> Outcome.succeeded("done"));
    assertThatThrownBy(() -> executor.start(claimed(tasks, lease, Duration.ofMinutes(1)), worker))
        .isInstanceOf(StackOverflowError.class);
    completer.discardLeftLeases();

    assertThat(running.isEmpty()).isTrue();
    assertThat(slots.taken()).isZero();
    assertThat(leases.isEmpty()).isTrue();
    assertThat(DATABASE.rows("select from trunkline.lease where id = ?", lease)).hasSize(1);
  }

  @Test
  void a_lease_stays_where_all_are_taken_back_that_have_come_and_others_are_still_to_come()
      throws InterruptedException {
    List<UUID> tasks = Tasks.in(DATABASE).many(2);
    UUID lease = Tasks.lease(DATABASE, worker.id(), tasks);
    Completer completer = Ends.completer(DATABASE.dataSource());
    CountDownLatch free = new CountDownLatch(1);
    Body body =
        (payload, context) -> {
          free.await();
          return Outcome.succeeded("done");
        };
    TaskExecutor executor = executor(completer, body);
    withdrawals = withdrawals(body);
    atSecondTake = withdrawals::all;

    executor.start(claimed(tasks, lease, Duration.ofMinutes(1)), worker);
    completer.discardLeftLeases();

    assertThat(Tasks.isWaiting(DATABASE, tasks.getFirst())).isTrue();
    assertThat(DATABASE.rows("select from trunkline.lease where id = ?", lease)).hasSize(1);
    free.countDown();
    awaitLeft(0);
    Awaitility.await().until(leases::isEmpty);
    completer.discardLeftLeases();
    assertThat(DATABASE.rows("select from trunkline.lease where id = ?", lease)).isEmpty();
  }

  @Test
  void a_lease_stays_while_one_of_its_attempts_runs() throws InterruptedException {
    List<UUID> tasks = Tasks.in(DATABASE).many(2);
    UUID lease = Tasks.lease(DATABASE, worker.id(), tasks);
    CountDownLatch free = new CountDownLatch(1);
    Completer completer = Ends.completer(DATABASE.dataSource());

    executor(
            completer,
            (payload, context) -> {
              if (context.taskId().equals(tasks.getFirst())) {
                free.await();
              }
              return Outcome.succeeded("done");
            })
        .start(claimed(tasks, lease, Duration.ofMinutes(1)), worker);
    awaitLeft(1);
    completer.discardLeftLeases();

    assertThat(DATABASE.rows("select from trunkline.lease where id = ?", lease)).hasSize(1);
    free.countDown();
    awaitLeft(0);
    completer.discardLeftLeases();
    assertThat(DATABASE.rows("select from trunkline.lease where id = ?", lease)).isEmpty();
  }

  @Test
  void a_lease_of_which_an_end_could_not_be_written_stays_for_the_rescue()
      throws InterruptedException {
    UUID task = Tasks.in(DATABASE).one();
    UUID lease = Tasks.lease(DATABASE, worker.id(), List.of(task));
    Completer completer = Ends.completer(DATABASE.dataSource());

    executor(
            completer,
            (payload, context) -> {
              running.stopAll(Stop.LEASE_LOST);
              return Outcome.succeeded("too late");
            })
        .start(claimed(List.of(task), lease, Duration.ofMinutes(1)), worker);
    awaitLeft(0);
    completer.discardLeftLeases();

    assertThat(DATABASE.rows("select from trunkline.lease where id = ?", lease)).hasSize(1);
    Awaitility.await().until(leases::isEmpty);
  }

  @Test
  void so_does_one_of_which_only_the_first_end_was_not_written() throws InterruptedException {
    List<UUID> tasks = Tasks.in(DATABASE).many(2);
    UUID lease = Tasks.lease(DATABASE, worker.id(), tasks);
    Completer completer = Ends.completer(DATABASE.dataSource());
    CountDownLatch free = new CountDownLatch(1);

    executor(
            completer,
            (payload, context) -> {
              if (context.taskId().equals(tasks.getFirst())) {
                attempt(context.taskId()).stop(Stop.LEASE_LOST);
              } else {
                free.await();
              }
              return Outcome.succeeded("done");
            })
        .start(claimed(tasks, lease, Duration.ofMinutes(1)), worker);
    awaitLeft(1);
    free.countDown();
    awaitLeft(0);
    Awaitility.await().until(leases::isEmpty);
    completer.discardLeftLeases();

    assertThat(task(tasks.getLast())).containsEntry("state", "succeeded");
    assertThat(DATABASE.rows("select from trunkline.lease where id = ?", lease)).hasSize(1);
  }

  @Test
  void of_one_whose_lease_was_lost_nothing_is_written() throws InterruptedException {
    UUID task = Tasks.in(DATABASE).one();
    UUID lease = Tasks.lease(DATABASE, worker.id(), List.of(task));

    executor(
            Ends.completer(DATABASE.dataSource()),
            (payload, context) -> {
              running.stopAll(Stop.LEASE_LOST);
              return Outcome.succeeded("too late");
            })
        .start(claimed(List.of(task), lease, Duration.ofMinutes(1)), worker);
    awaitLeft(0);

    assertThat(task(task)).containsEntry("state", "open").containsEntry("attempt", 1);
  }

  @Test
  void a_result_that_postgresql_refuses_ends_the_task() throws InterruptedException {
    UUID task = Tasks.in(DATABASE).one();
    UUID lease = Tasks.lease(DATABASE, worker.id(), List.of(task));

    executor(Ends.completer(DATABASE.dataSource()), (payload, context) -> Outcome.succeeded("\0"))
        .start(claimed(List.of(task), lease, Duration.ofMinutes(1)), worker);
    awaitLeft(0);

    assertThat(task(task)).containsEntry("state", "failed");
    assertThat(task(task).get("error").toString()).contains("rejected", "cannot be stored");
  }

  @Test
  void a_handler_that_ignores_its_interrupt_is_abandoned_with_its_result() throws Exception {
    UUID task = Tasks.in(DATABASE).one();
    UUID lease = Tasks.lease(DATABASE, worker.id(), List.of(task));
    CountDownLatch interrupted = new CountDownLatch(1);
    CountDownLatch free = new CountDownLatch(1);
    Completer completer = Ends.completer(DATABASE.dataSource());

    executor(completer, (payload, context) -> deaf(interrupted, free))
        .start(claimed(List.of(task), lease, Duration.ofMillis(1)), worker);
    interrupted.await();
    Awaitility.await().until(() -> abandonWhatIsOverdue());

    assertThat(slots.taken()).isZero();
    assertThat(running.isEmpty()).isTrue();
    assertThat(task(task)).containsEntry("state", "open").containsEntry("attempt", 2);
    assertThat(task(task).get("error").toString()).contains("timed-out", "abandoned");
    assertThat(ready.await(1)).as("its retry may be due").isTrue();
    assertThat(meters.get("trunkline.attempts.abandoned").counter().count()).isEqualTo(1);
    completer.discardLeftLeases();
    assertThat(DATABASE.rows("select from trunkline.lease where id = ?", lease)).isEmpty();

    assertThat(meters.get("trunkline.attempts.abandoned.running").gauge().value()).isEqualTo(1);
    free.countDown();
    Awaitility.await()
        .until(() -> meters.get("trunkline.attempts.abandoned.running").gauge().value() == 0);
    assertThat(task(task)).containsEntry("state", "open").containsEntry("attempt", 2);
    assertThat(slots.taken()).isZero();
  }

  @Test
  void of_one_that_lost_its_lease_and_ignores_it_nothing_is_written() throws Exception {
    UUID task = Tasks.in(DATABASE).one();
    UUID lease = Tasks.lease(DATABASE, worker.id(), List.of(task));
    CountDownLatch interrupted = new CountDownLatch(1);
    CountDownLatch free = new CountDownLatch(1);

    executor(
            Ends.completer(DATABASE.dataSource()),
            (payload, context) -> {
              running.stopAll(Stop.LEASE_LOST);
              return deaf(interrupted, free);
            })
        .start(claimed(List.of(task), lease, Duration.ofMinutes(1)), worker);
    interrupted.await();
    Awaitility.await().until(() -> abandonWhatIsOverdue());

    assertThat(slots.taken()).isZero();
    assertThat(task(task)).containsEntry("state", "open").containsEntry("attempt", 1);
    assertThat(meters.get("trunkline.leases.lost").counter().count()).isEqualTo(1);
    free.countDown();
  }

  @Test
  void the_end_of_an_abandoned_one_is_tried_again_until_it_is_written() throws Exception {
    UUID task = Tasks.in(DATABASE).one();
    UUID lease = Tasks.lease(DATABASE, worker.id(), List.of(task));
    CountDownLatch interrupted = new CountDownLatch(1);
    CountDownLatch free = new CountDownLatch(1);

    executor(Ends.completer(DATABASE.dataSource()), (payload, context) -> deaf(interrupted, free))
        .start(claimed(List.of(task), lease, Duration.ofMillis(1)), worker);
    interrupted.await();
    Abandoner abandoner = abandoner(Unreachable.times(1, DATABASE.dataSource()));
    Awaitility.await().ignoreExceptions().until(() -> abandonWhatIsOverdue(abandoner));

    assertThat(task(task)).containsEntry("state", "open").containsEntry("attempt", 2);
    assertThat(meters.get("trunkline.attempts.abandoned").counter().count()).isEqualTo(1);
    free.countDown();
  }

  /** Two of a queue in which one may run. */
  private Behind behindALongOne() {
    List<UUID> tasks = Tasks.in(DATABASE).many(2);
    UUID lease = Tasks.lease(DATABASE, worker.id(), tasks);
    Behind behind = new Behind(running, ConcurrentHashMap.newKeySet(), new CountDownLatch(1));
    Completer completer = Ends.completer(DATABASE.dataSource());
    Body body =
        (payload, context) -> {
          behind.ran.add(context.taskId());
          behind.free.await();
          return Outcome.succeeded("done");
        };
    oneByOne = new Runners(Attempts.slots(Map.of("trunkline.worker.concurrency", "1")));
    executor(completer, oneByOne, body).start(claimed(tasks, lease, Duration.ofMinutes(1)), worker);
    withdrawals = withdrawals(body);
    Awaitility.await().until(() -> !behind.ran.isEmpty());
    return behind;
  }

  private Withdrawals withdrawals(Body body) {
    return new Withdrawals(
        running,
        handlers(body),
        new Verdict(new ObjectMapper()),
        Ends.writer(DATABASE.dataSource()),
        scope,
        metrics,
        ready);
  }

  private void onTake() {
    if (takes.incrementAndGet() == 2) {
      atSecondTake.run();
    }
  }

  private record Behind(RunningAttempts running, Set<UUID> ran, CountDownLatch free) {
    RunningAttempt waiting() {
      return running.all().stream()
          .filter(attempt -> !ran.contains(attempt.taskId()))
          .findFirst()
          .orElseThrow();
    }
  }

  private boolean abandonWhatIsOverdue() {
    return abandonWhatIsOverdue(abandoner(DATABASE.dataSource()));
  }

  private boolean abandonWhatIsOverdue(Abandoner abandoner) {
    abandoner.runOnce();
    return running.isEmpty();
  }

  private Abandoner abandoner(DataSource dataSource) {
    return new Abandoner(
        running,
        handlers((payload, context) -> forEver()),
        new Verdict(new ObjectMapper()),
        Ends.writer(dataSource),
        scope(Ends.completer(DATABASE.dataSource()), new Runners(slots)),
        metrics,
        ready,
        TestConfig.with(Map.of("trunkline.worker.interrupt-grace", "100ms")));
  }

  /** Takes no notice of an interrupt until it is let go. */
  private static Outcome<Object> deaf(CountDownLatch interrupted, CountDownLatch free) {
    while (true) {
      try {
        free.await();
        return Outcome.succeeded("much later");
      } catch (InterruptedException e) {
        interrupted.countDown();
      }
    }
  }

  private TaskExecutor executor(Completer completer, Body body) {
    return executor(completer, new Runners(slots), body);
  }

  private TaskExecutor executor(Completer completer, Runners runners, Body body) {
    Verdict verdict = new Verdict(new ObjectMapper());
    HandlerCall call = new HandlerCall(new ObjectMapper(), VALIDATOR, verdict, new Timeouts());
    return new TaskExecutor(
        handlers(body),
        call,
        new EffectOnce(
            call,
            verdict,
            Ends.writer(DATABASE.dataSource()),
            TransactionManager.transactionManager(),
            1),
        completer,
        scope(completer, runners),
        metrics,
        new Fired<>());
  }

  private AttemptScope scope(Completer completer, Runners runners) {
    if (scope == null) {
      leases = new Leases(completer);
      scope = new AttemptScope(slots, runners, running, leases, Attempts.SPANS, new Fired<>());
    }
    return scope;
  }

  private RunningAttempt attempt(UUID task) {
    return running.all().stream().filter(it -> it.taskId().equals(task)).findFirst().orElseThrow();
  }

  private void awaitLeft(int attempts) {
    Awaitility.await().until(() -> running.all().size() == attempts);
  }

  private static HandlerRegistry handlers(Body body) {
    return Registries.of(new Handler(body));
  }

  private static Outcome<Object> forEver() throws InterruptedException {
    new CountDownLatch(1).await();
    throw new AssertionError("nobody counts it down");
  }

  private static List<ClaimedTask> claimed(List<UUID> tasks, UUID lease, Duration timeout) {
    Instant now = Instant.parse("2026-03-01T12:00:00Z");
    return tasks.stream()
        .map(
            id ->
                new ClaimedTask(
                    new AttemptToken(id, 1),
                    lease,
                    "test",
                    "default",
                    "{\"n\": 1}",
                    0,
                    3,
                    timeout,
                    now,
                    now,
                    null))
        .toList();
  }

  private static Map<String, Object> task(UUID id) {
    return DATABASE.row(
        """
        select state, attempt, worker, result::text as result, error::text as error
        from trunkline.task where id = ?
        """,
        id);
  }

  /** What a handler does. */
  @FunctionalInterface
  private interface Body {
    Outcome<Object> handle(Map<?, ?> payload, TaskContext context) throws Exception;
  }

  @SuppressWarnings("rawtypes") // there is no class object of a map with its types
  private record Handler(Body body) implements TaskHandler<Map, Object> {
    @Override
    public TaskType<Map, Object> type() {
      return TaskType.named("test", Map.class, Object.class);
    }

    @Override
    public Outcome<Object> handle(Map payload, TaskContext context) throws Exception {
      return body.handle(payload, context);
    }
  }
}
