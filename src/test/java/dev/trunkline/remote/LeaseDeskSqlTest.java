package dev.trunkline.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.trunkline.claim.RemoteClaimer;
import dev.trunkline.claim.RemoteClaims;
import dev.trunkline.config.TestConfig;
import dev.trunkline.database.CountedStatements;
import dev.trunkline.database.Tasks;
import dev.trunkline.database.TestDatabase;
import dev.trunkline.database.Unreachable;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.IntFunction;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LeaseDeskSqlTest {

  private static final TestDatabase DATABASE = TestDatabase.fresh();
  private static final Want TEST = new Want.Types(List.of("test"));
  private static final Duration LONG = Duration.ofSeconds(30);

  private final CountedStatements counted = new CountedStatements(DATABASE.dataSource());
  private final Tasks tasks = Tasks.in(DATABASE);
  private LeaseDesk desk = desk(RemoteClaims.claimer(DATABASE));
  private boolean settled;

  @BeforeEach
  void nothingIsThere() {
    DATABASE.update("delete from trunkline.ready");
    DATABASE.update("delete from trunkline.remote_lease");
    DATABASE.update("delete from trunkline.queue");
  }

  @Test
  void what_is_due_is_answered_at_once() throws Exception {
    List<UUID> ids = tasks.many(3);

    CompletableFuture<List<LeasedTask>> answer = ask(TEST, 2, LONG);
    desk.runOnce();

    assertThat(ids(answer)).containsExactlyElementsOf(ids.subList(0, 2));
    assertThat(desk.waiting()).isZero();
  }

  @Test
  void who_does_not_want_to_wait_is_answered_all_the_same_after_a_look() throws Exception {
    CompletableFuture<List<LeasedTask>> answer = ask(TEST, 1, Duration.ZERO);

    turnUntil(answer);

    assertThat(answer.get()).isEmpty();
  }

  @Test
  void who_waits_gets_what_comes() throws Exception {
    CompletableFuture<List<LeasedTask>> answer = ask(TEST, 1, LONG);
    desk.runOnce();
    assertThat(answer).isNotDone();

    UUID task = tasks.one();
    desk.hear();
    turnUntil(answer);

    assertThat(ids(answer)).containsExactly(task);
  }

  @Test
  void who_waits_gets_what_becomes_due() throws Exception {
    CompletableFuture<List<LeasedTask>> answer = ask(TEST, 1, LONG);
    UUID task = tasks.dueIn(Duration.ofMillis(300)).one();

    assertThat(desk.runOnce()).isLessThan(Duration.ofMillis(301));
    turnUntil(answer);

    assertThat(ids(answer)).containsExactly(task);
  }

  @Test
  void who_has_waited_long_enough_goes_with_nothing() throws Exception {
    CompletableFuture<List<LeasedTask>> answer = ask(TEST, 1, Duration.ofMillis(200));

    assertThat(desk.runOnce()).isLessThanOrEqualTo(Duration.ofMillis(200));
    assertThat(answer).isNotDone();
    turnUntil(answer);

    assertThat(answer.get()).isEmpty();
  }

  @Test
  void those_who_wait_share_what_there_is_and_the_first_come_first() throws Exception {
    List<UUID> ids = tasks.many(5);
    List<CompletableFuture<List<LeasedTask>>> answers =
        crowd(4, i -> new Ask(TEST, "w" + i, 2, LONG, LONG));

    desk.runOnce();

    assertThat(ids(answers.get(0))).containsExactly(ids.get(0), ids.get(4));
    assertThat(ids(answers.get(1))).containsExactly(ids.get(1));
    assertThat(ids(answers.get(3))).containsExactly(ids.get(3));
    assertThat(answers.get(2).get().getFirst().task().worker).isEqualTo("w2");
  }

  @Test
  void who_came_first_is_served_first_whatever_others_ask_for() throws Exception {
    Want both = new Want.Types(List.of("test", "other"));
    CompletableFuture<List<LeasedTask>> first = ask(both, 1, LONG);
    CompletableFuture<List<LeasedTask>> second = ask(TEST, 1, LONG);
    CompletableFuture<List<LeasedTask>> third = ask(new Want.Queues(List.of("default")), 1, LONG);
    desk.runOnce();
    UUID task = tasks.one();

    desk.hear();
    turnUntil(first);
    assertThat(ids(first)).containsExactly(task);
    UUID next = tasks.one();
    desk.hear();
    turnUntil(second);

    assertThat(ids(second)).containsExactly(next);
    assertThat(third).isNotDone();
  }

  @Test
  void everybody_gets_only_what_was_asked_for() throws Exception {
    UUID a = tasks.type("a").queue("one").one();
    UUID b = tasks.type("b").queue("two").one();
    UUID c = tasks.type("c").queue("three").one();

    CompletableFuture<List<LeasedTask>> queue = ask(new Want.Queues(List.of("three")), 5, LONG);
    CompletableFuture<List<LeasedTask>> typeA = ask(new Want.Types(List.of("a")), 5, LONG);
    CompletableFuture<List<LeasedTask>> typeB = ask(new Want.Types(List.of("b", "x")), 5, LONG);
    CompletableFuture<List<LeasedTask>> none = ask(new Want.Types(List.of("x")), 5, LONG);
    desk.runOnce();

    assertThat(ids(queue)).containsExactly(c);
    assertThat(ids(typeA)).containsExactly(a);
    assertThat(ids(typeB)).containsExactly(b);
    assertThat(none).isNotDone();
  }

  @Test
  void more_than_one_claim_takes_is_handed_out_in_several() throws Exception {
    List<UUID> ids = tasks.many(450);
    List<CompletableFuture<List<LeasedTask>>> answers =
        crowd(300, i -> new Ask(TEST, "w", 1, LONG, LONG));

    answers.forEach(this::turnUntil);

    List<UUID> leased = new ArrayList<>();
    for (CompletableFuture<List<LeasedTask>> answer : answers) {
      leased.addAll(ids(answer));
    }
    assertThat(leased).containsExactlyElementsOf(ids.subList(0, 300));
  }

  @Test
  void what_is_too_long_for_one_answer_comes_with_the_next_at_once() throws Exception {
    List<UUID> ids = tasks.many(4);
    DATABASE.update("update trunkline.task set payload = to_jsonb(repeat('x', 5000000))");
    CompletableFuture<List<LeasedTask>> first = ask(TEST, 4, LONG);
    desk.runOnce();
    CompletableFuture<List<LeasedTask>> second = ask(TEST, 4, LONG);

    desk.runOnce();

    assertThat(ids(first)).containsExactlyElementsOf(ids.subList(0, 2));
    assertThat(ids(second)).containsExactlyElementsOf(ids.subList(2, 4));
  }

  @Test
  void what_is_heard_of_right_after_a_look_is_not_slept_through() {
    ask(TEST, 1, LONG);
    settle();

    for (int i = 0; i < 50; i++) {
      desk.hear();
      desk.runOnce();
      desk.hear();
      assertThat(desk.runOnce()).isLessThanOrEqualTo(Duration.ofSeconds(1));
    }
  }

  @Test
  void a_full_look_that_fails_keeps_nobody_from_what_comes() throws Exception {
    desk =
        desk(
            RemoteClaims.claimerWithout(
                DATABASE,
                request -> {
                  boolean full = settled && request.since().isEmpty() && request.from().isEmpty();
                  return full && slowly();
                }));
    CompletableFuture<List<LeasedTask>> answer = ask(TEST, 1, LONG);
    settle();
    settled = true;
    UUID task = tasks.one();

    desk.hear();
    turnUntil(answer);

    assertThat(ids(answer)).containsExactly(task);
  }

  @Test
  void who_has_gone_away_gets_nothing_and_leaves_it_to_others() throws Exception {
    CompletableFuture<List<LeasedTask>> gone = ask(TEST, 1, LONG);
    CompletableFuture<List<LeasedTask>> there = ask(TEST, 1, LONG);
    desk.runOnce();
    gone.cancel(false);
    assertThat(desk.waiting()).isEqualTo(1);
    UUID task = tasks.one();

    desk.hear();
    turnUntil(there);

    assertThat(ids(there)).containsExactly(task);
  }

  @Test
  void what_was_claimed_for_one_who_went_away_meanwhile_is_given_back() {
    UUID task = tasks.one();
    List<CompletableFuture<List<LeasedTask>>> answers = new ArrayList<>();
    RemoteClaimer claimer = RemoteClaims.claimer(DATABASE, () -> answers.getFirst().cancel(false));
    desk = desk(claimer);
    answers.add(ask(TEST, 1, LONG));

    desk.runOnce();

    Awaitility.await().until(() -> Tasks.isWaiting(DATABASE, task));
    assertThat(
            DATABASE.value(
                String.class, "select outcome from trunkline.attempt where task_id = ?", task))
        .isEqualTo("released");
  }

  @Test
  void nobody_waits_at_a_desk_that_is_closed() throws Exception {
    CompletableFuture<List<LeasedTask>> before = ask(TEST, 1, LONG);
    desk.runOnce();
    tasks.one();

    desk.close();
    CompletableFuture<List<LeasedTask>> after = ask(TEST, 1, LONG);
    desk.runOnce();

    assertThat(before.get()).isEmpty();
    assertThat(after.get()).isEmpty();
    assertThat(DATABASE.rows("select from trunkline.remote_lease")).isEmpty();
  }

  @Test
  void while_the_database_is_away_who_can_wait_waits_and_who_cannot_is_told() throws Exception {
    desk = desk(RemoteClaims.claimer(Unreachable.times(1, DATABASE.dataSource())));
    CompletableFuture<List<LeasedTask>> patient = ask(TEST, 1, LONG);
    CompletableFuture<List<LeasedTask>> hasty = ask(TEST, 1, Duration.ZERO);
    UUID task = tasks.one();

    desk.runOnce();

    assertThatThrownBy(hasty::get).isInstanceOf(ExecutionException.class);
    assertThat(patient).isNotDone();
    turnUntil(patient);
    assertThat(ids(patient)).containsExactly(task);
  }

  @Test
  void what_waited_in_a_queue_that_was_paused_is_found_when_it_goes_on() throws Exception {
    UUID task = tasks.queue("paused").dueIn(Duration.ofMinutes(-5)).one();
    DATABASE.update("update trunkline.queue set paused_at = now()");
    CompletableFuture<List<LeasedTask>> one = ask(TEST, 1, LONG);
    CompletableFuture<List<LeasedTask>> other = ask(new Want.Types(List.of("x")), 1, LONG);
    settle();
    assertThat(one).isNotDone();

    DATABASE.update("update trunkline.queue set paused_at = null");
    desk.hear();
    turnUntil(one);

    assertThat(ids(one)).containsExactly(task);
    assertThat(other).isNotDone();
  }

  @Test
  void what_is_committed_late_is_found_by_a_full_look() throws Exception {
    DATABASE.update("insert into trunkline.queue (name) values ('default')");
    CompletableFuture<List<LeasedTask>> answer = ask(TEST, 1, LONG);
    settle();
    UUID task = tasks.dueIn(Duration.ofMinutes(-5)).one();

    desk.hear();
    turnUntil(answer);

    assertThat(ids(answer)).containsExactly(task);
  }

  @Test
  void what_is_just_being_committed_is_found_without_one() throws Exception {
    try (Connection connection = DATABASE.connect();
        Statement statement = connection.createStatement()) {
      DATABASE.update("insert into trunkline.queue (name) values ('default')");
      CompletableFuture<List<LeasedTask>> answer = ask(TEST, 1, LONG);
      connection.setAutoCommit(false);
      statement.execute(
          """
          with stored as (
            insert into trunkline.task (id, type, queue, priority, payload, max_attempts,
              attempt_limit, timeout, run_at, created_at)
            select trunkline.uuidv7(), 'test', 'default', 5, '1', 3, 3, '1 minute', now(), now()
            returning *)
          insert into trunkline.ready (queue, priority, due, task_id, type)
          select queue, priority, run_at, id, type from stored
          """);
      settle();
      assertThat(answer).isNotDone();
      connection.commit();

      desk.hear();
      turnUntil(answer);

      assertThat(answer.get()).hasSize(1);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void who_joins_others_that_wait_in_vain_costs_the_database_nothing() {
    desk = desk(RemoteClaims.claimer(counted.dataSource()));
    ask(TEST, 1, LONG);
    settle();
    long before = counted.count();

    crowd(100, i -> new Ask(TEST, "w" + i, 1, LONG, LONG));
    desk.runOnce();

    assertThat(counted.count()).isEqualTo(before);
  }

  @Test
  void a_thousand_idle_workers_cost_the_database_as_much_as_one() {
    long one = costOf(1, i -> new Want.Types(List.of("nothing")));
    long same = costOf(1_000, i -> new Want.Types(List.of("nothing")));
    long different = costOf(1_000, i -> new Want.Types(List.of("nothing-" + i)));

    // Each turn is told the time, and then claims or looks.
    assertThat(one).isBetween(20L, 40L);
    assertThat(same).isEqualTo(one);
    assertThat(different).isEqualTo(one);
  }

  @Test
  void that_something_came_for_one_of_a_thousand_costs_one_claim_more() throws Exception {
    desk = desk(RemoteClaims.claimer(counted.dataSource()));
    List<CompletableFuture<List<LeasedTask>>> answers =
        crowd(1_000, i -> new Ask(new Want.Types(List.of("t" + i)), "w", 1, LONG, LONG));
    settle();
    UUID task = tasks.type("t7").one();
    long before = counted.count();

    desk.hear();
    turnUntil(answers.get(7));

    assertThat(ids(answers.get(7))).containsExactly(task);
    // Told and looked, told and claimed; and as much again where a full look came in between.
    assertThat(counted.count() - before).isBetween(4L, 6L);
  }

  @Test
  void who_does_not_wait_any_more_costs_nothing() {
    desk = desk(RemoteClaims.claimer(counted.dataSource()));
    ask(TEST, 1, LONG).cancel(false);
    desk.hear();

    assertThat(desk.runOnce()).isGreaterThan(Duration.ofSeconds(30));

    assertThat(counted.count()).isZero();
  }

  /** As a statement that is cancelled because it has taken too long. */
  private static boolean slowly() {
    return !DATABASE.rows("select pg_sleep(0.1)").isEmpty();
  }

  /** Of ten wake-ups while so many wait in vain. */
  private long costOf(int workers, IntFunction<Want> want) {
    CountedStatements statements = new CountedStatements(DATABASE.dataSource());
    desk = desk(RemoteClaims.claimer(statements.dataSource()));
    crowd(workers, i -> new Ask(want.apply(i), "w" + i, 1, LONG, LONG));
    for (int i = 0; i < 10; i++) {
      desk.hear();
      long before = statements.count();
      Awaitility.await()
          .pollInSameThread()
          .pollInterval(Duration.ofMillis(2))
          .until(
              () -> {
                desk.runOnce();
                return statements.count() > before;
              });
    }
    return statements.count();
  }

  /** Turns until nothing new has been found out for a while, and no full look is left to do. */
  private void settle() {
    desk.runOnce();
    Awaitility.await()
        .pollInSameThread()
        .pollInterval(Duration.ofMillis(2))
        .until(() -> desk.runOnce().compareTo(Duration.ofMillis(300)) > 0);
  }

  private void turnUntil(CompletableFuture<?> answer) {
    Awaitility.await()
        .pollInSameThread()
        .pollInterval(Duration.ofMillis(2))
        .until(
            () -> {
              desk.runOnce();
              return answer.isDone();
            });
  }

  private CompletableFuture<List<LeasedTask>> ask(Want want, int max, Duration patience) {
    return desk.ask(new Ask(want, "w1", max, LONG, patience));
  }

  private List<CompletableFuture<List<LeasedTask>>> crowd(int count, IntFunction<Ask> asks) {
    List<CompletableFuture<List<LeasedTask>>> answers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      answers.add(desk.ask(asks.apply(i)));
    }
    return answers;
  }

  private static List<UUID> ids(CompletableFuture<List<LeasedTask>> answer) throws Exception {
    return answer.get().stream().map(lease -> lease.task().id).toList();
  }

  private static LeaseDesk desk(RemoteClaimer claimer) {
    Outside outside = new Outside(DATABASE);
    return new LeaseDesk(
        claimer,
        new Handover(outside.tokens, outside.held, outside.metrics),
        new Presence(DATABASE.dataSource()),
        RemoteClaims.deaf(),
        TestConfig.with(Map.of()));
  }
}
