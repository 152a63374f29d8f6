package dev.trunkline.claim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.trunkline.claim.ScanPositions.Lane;
import dev.trunkline.claim.ScanPositions.Position;
import dev.trunkline.config.TestConfig;
import dev.trunkline.database.StoreException;
import dev.trunkline.database.Tasks;
import dev.trunkline.database.TestDatabase;
import dev.trunkline.database.Unreachable;
import dev.trunkline.execute.Attempts;
import dev.trunkline.execute.Fired;
import dev.trunkline.execute.Patient;
import dev.trunkline.execute.RunningAttempts;
import dev.trunkline.execute.Slots;
import dev.trunkline.execute.TaskExecutor;
import dev.trunkline.task.Registries;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DispatcherSqlTest {

  private static final TestDatabase DATABASE = TestDatabase.fresh();

  private final WorkerRegistration registration = Registrations.in(DATABASE);
  private final RunningAttempts running = new RunningAttempts();
  private final Patient handler = new Patient();
  private Map<String, String> settings = Map.of();
  private DirectClaims claims;
  private Slots slots;

  @BeforeEach
  void emptyTheQueues() {
    DATABASE.update("delete from trunkline.ready");
  }

  @Test
  void what_is_due_is_claimed_and_started() {
    UUID task = Tasks.in(DATABASE).one();
    handler.free.countDown();

    dispatcher(new Claimer(DATABASE.dataSource()), () -> {}).runOnce();

    Awaitility.await().until(running::isEmpty);
    assertThat(state(task)).isEqualTo("succeeded");
  }

  @Test
  void what_a_worker_claims_that_is_given_up_meanwhile_is_not_started() {
    UUID task = Tasks.in(DATABASE).one();
    registration.register();
    Claimer claimer = new Claimer(Unreachable.after(this::giveUp, DATABASE.dataSource()));

    assertThat(dispatcher(claimer, () -> {}).runOnce()).isEqualTo(Duration.ZERO);

    assertThat(Tasks.isWaiting(DATABASE, task)).as("it was claimed").isFalse();
    Awaitility.await().until(running::isEmpty);
    assertThat(handler.begun).isEmpty();
    assertThat(state(task)).isEqualTo("open");
  }

  @Test
  void what_starts_while_its_worker_is_given_up_is_stopped() {
    UUID task = Tasks.in(DATABASE).one();
    registration.register();

    dispatcher(new Claimer(DATABASE.dataSource()), this::giveUp).runOnce();

    Awaitility.await().until(running::isEmpty);
    assertThat(state(task)).isEqualTo("open");
    assertThat(handler.free.getCount()).as("nobody else let it go").isEqualTo(1);
  }

  @Test
  void a_claim_that_brings_no_answer_is_remembered() {
    Claimer claimer = new Claimer(Unreachable.times(1, DATABASE.dataSource()));
    Dispatcher dispatcher = dispatcher(claimer, () -> {});

    assertThatThrownBy(dispatcher::runOnce).isInstanceOf(StoreException.class);

    assertThat(claimer.unanswered()).hasSize(1);
  }

  @Test
  void so_is_one_that_ends_in_an_error() {
    WatchedClaimer claimer = new WatchedClaimer(DATABASE.dataSource());
    claimer.atLook =
        () -> {
          throw new StackOverflowError("of the test");
        };

    assertThatThrownBy(dispatcher(claimer, () -> {})::runOnce)
        .isInstanceOf(StackOverflowError.class);

    assertThat(claimer.unanswered()).hasSize(1);
  }

  @Test
  void and_one_whose_tasks_could_not_be_started() {
    Tasks.in(DATABASE).one();
    Claimer claimer = new Claimer(DATABASE.dataSource());
    Dispatcher dispatcher = dispatcher(claimer, WatchedClaimer::fail);

    assertThatThrownBy(dispatcher::runOnce).isInstanceOf(StoreException.class);

    assertThat(claimer.unanswered()).hasSize(1);
  }

  @Test
  void after_one_that_failed_the_next_asks_for_half() {
    WatchedClaimer claimer = new WatchedClaimer(DATABASE.dataSource());
    Dispatcher dispatcher = dispatcher(claimer, () -> {});
    claimer.failsAfter = Optional.of(Duration.ZERO);
    assertThatThrownBy(dispatcher::runOnce).isInstanceOf(StoreException.class);
    claimer.failsAfter = Optional.empty();

    dispatcher.runOnce();

    assertThat(claimer.last.most()).isEqualTo(Claim.MOST / 2);
  }

  @Test
  void once_it_has_taken_what_was_due_submissions_may_claim() {
    Dispatcher dispatcher = dispatcher(new Claimer(DATABASE.dataSource()), () -> {});
    assertThat(mayClaim("default")).as("before the first turn").isFalse();

    dispatcher.runOnce();

    assertThat(mayClaim("default")).isTrue();
  }

  @Test
  void but_not_of_a_queue_that_may_hold_more_than_it_had_slots_for() {
    settings = Map.of("trunkline.worker.concurrency", "2", "trunkline.worker.prefetch", "0");
    Tasks.in(DATABASE).queue("full").many(3);
    Dispatcher dispatcher = dispatcher(new Claimer(DATABASE.dataSource()), () -> {});

    dispatcher.runOnce();
    slots.giveBack("full");

    assertThat(mayClaim("full")).isFalse();
    assertThat(mayClaim("other")).isTrue();
    handler.free.countDown();
    Awaitility.await().until(running::isEmpty);
  }

  @Test
  void after_a_claim_that_was_cut_short_the_next_one_follows_at_once() {
    settings = Map.of("trunkline.worker.concurrency", Integer.toString(Claim.MOST));
    WatchedClaimer claimer = new WatchedClaimer(DATABASE.dataSource());
    Dispatcher dispatcher = dispatcher(claimer, () -> {});
    List<String> queues = List.of("one", "two", "three", "four");
    queues.forEach(queue -> Tasks.in(DATABASE).queue(queue).one());
    dispatcher.runOnce();
    claimer.atLook =
        () -> queues.forEach(queue -> Tasks.in(DATABASE).queue(queue).many(Claim.MOST * 2 / 5));

    Duration pause = awaitLook(dispatcher, claimer);

    assertThat(pause).isEqualTo(Duration.ZERO);
    assertThat(dispatcher.isTooEarly()).isFalse();
    assertThat(dispatcher.leavesWork()).isTrue();
    assertThat(mayClaim("other")).as("which may hold some too").isFalse();
    queues.forEach(queue -> Tasks.in(DATABASE).queue(queue).dueIn(Duration.ofHours(-1)).one());
    dispatcher.runOnce();

    handler.free.countDown();
    Awaitility.await().until(running::isEmpty);
    assertThat(DATABASE.count("select count(*) from trunkline.ready"))
        .as("the look from the beginning went on, and has not begun anew where it had been")
        .isEqualTo(3);
    assertThat(mayClaim("other")).isTrue();
  }

  @Test
  void after_a_claim_that_was_too_heavy_the_next_one_takes_no_more() {
    WatchedClaimer claimer = new WatchedClaimer(DATABASE.dataSource());
    Dispatcher dispatcher = dispatcher(claimer, () -> {});
    claimer.tooHeavy = true;
    startedOnce(dispatcher);
    claimer.tooHeavy = false;

    assertThat(dispatcher.runOnce()).isNotNull();
    assertThat(claimer.last.most()).isEqualTo(1);
    dispatcher.runOnce();
    assertThat(claimer.last.most()).isEqualTo(2);
  }

  @Test
  void a_look_from_the_beginning_forgets_no_position() {
    WatchedClaimer claimer = new WatchedClaimer(DATABASE.dataSource());
    Dispatcher dispatcher = dispatcher(claimer, () -> {});
    startedOnce(dispatcher);
    dispatcher.runOnce();
    Map<Lane, Position> before = claimer.last.from();
    assertThat(before).containsOnlyKeys(new Lane("default", 5));

    awaitLook(dispatcher, claimer);
    dispatcher.runOnce();

    assertThat(claimer.last.from()).isEqualTo(before);
  }

  @Test
  void nor_does_one_that_fails_and_it_is_not_tried_again_at_once() {
    WatchedClaimer claimer = new WatchedClaimer(DATABASE.dataSource());
    Dispatcher dispatcher = dispatcher(claimer, () -> {});
    startedOnce(dispatcher);

    claimer.atLook = WatchedClaimer::fail;
    assertThatThrownBy(() -> awaitLook(dispatcher, claimer)).isInstanceOf(StoreException.class);
    dispatcher.runOnce();

    assertThat(claimer.last.from()).containsOnlyKeys(new Lane("default", 5));
  }

  /** Who comes between two claims of a look may be missed by both, and wakes nobody later. */
  @Test
  void after_a_look_of_several_claims_the_next_one_is_waited_for() {
    Dispatcher dispatcher = dispatcherOfACrowd(new WatchedClaimer(DATABASE.dataSource()));
    long start = System.nanoTime();
    dispatcher.runOnce();

    Duration pause = dispatcher.runOnce();

    Duration took = Duration.ofNanos(System.nanoTime() - start);
    assertThat(pause).isPositive().isLessThanOrEqualTo(took.multipliedBy(20));
    handler.free.countDown();
    Awaitility.await().until(running::isEmpty);
  }

  @Test
  void a_claim_that_fails_counts_also_where_it_goes_on_with_a_look() {
    WatchedClaimer claimer = new WatchedClaimer(DATABASE.dataSource());
    Dispatcher dispatcher = dispatcherOfACrowd(claimer);
    dispatcher.runOnce();
    claimer.failsAfter = Optional.of(Duration.ofSeconds(1));
    assertThatThrownBy(dispatcher::runOnce).isInstanceOf(StoreException.class);
    claimer.failsAfter = Optional.empty();

    Duration pause = dispatcher.runOnce();

    assertThat(claimer.last.from()).as("it is no look").isNotEmpty();
    assertThat(pause).isGreaterThan(Duration.ofSeconds(12));
    handler.free.countDown();
    Awaitility.await().until(running::isEmpty);
  }

  @Test
  void nor_while_it_claims_nor_after_a_claim_that_failed() {
    Claimer looking =
        new Claimer(
            Unreachable.after(
                () -> assertThat(mayClaim("default")).isFalse(), DATABASE.dataSource()));
    dispatcher(looking, () -> {}).runOnce();
    assertThat(mayClaim("default")).isTrue();

    Dispatcher failing =
        dispatcher(new Claimer(Unreachable.times(1, DATABASE.dataSource())), () -> {});
    claims.open(claims.close(), Set.of());
    assertThat(mayClaim("default")).isTrue();
    assertThatThrownBy(failing::runOnce).isInstanceOf(StoreException.class);
    assertThat(mayClaim("default")).isFalse();
    failing.runOnce();
    assertThat(mayClaim("default")).isTrue();
  }

  /** More than one claim takes, and less than two. */
  private Dispatcher dispatcherOfACrowd(Claimer claimer) {
    settings = Map.of("trunkline.worker.concurrency", Integer.toString(Claim.MOST));
    for (String queue : List.of("one", "two", "three")) {
      Tasks.in(DATABASE).queue(queue).many(Claim.MOST * 2 / 5);
    }
    return dispatcher(claimer, () -> {});
  }

  private void startedOnce(Dispatcher dispatcher) {
    handler.free.countDown();
    Tasks.in(DATABASE).one();
    dispatcher.runOnce();
    Awaitility.await().until(running::isEmpty);
  }

  /** The answer to the claim that begins it. */
  private static Duration awaitLook(Dispatcher dispatcher, WatchedClaimer claimer) {
    Duration pause;
    long start = System.nanoTime();
    do {
      assertThat(System.nanoTime() - start).isLessThan(Duration.ofSeconds(50).toNanos());
      LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
      pause = dispatcher.runOnce();
    } while (!claimer.last.from().isEmpty());
    return pause;
  }

  private boolean mayClaim(String queue) {
    return Direct.mayClaim(claims, queue);
  }

  private void giveUp() {
    Registrations.giveUp(registration, running);
  }

  private Dispatcher dispatcher(Claimer claimer, Runnable onStart) {
    DataSource dataSource = DATABASE.dataSource();
    slots = Attempts.slots(onStart, settings);
    TaskExecutor executor = Attempts.executor(handler, slots, running, dataSource);
    Starter starter = new Starter(registration, executor);
    claims =
        new DirectClaims(
            TestConfig.with(settings),
            slots,
            claimer,
            starter,
            new Fired<>(),
            new Fired<>(),
            new SimpleMeterRegistry());
    return new Dispatcher(
        TestConfig.with(settings),
        Registries.of(handler),
        slots,
        claimer,
        starter,
        claims,
        new SimpleMeterRegistry());
  }

  private static String state(UUID task) {
    return DATABASE.value(String.class, "select state from trunkline.task where id = ?", task);
  }
}
