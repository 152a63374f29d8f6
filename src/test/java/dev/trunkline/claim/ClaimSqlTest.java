package dev.trunkline.claim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.trunkline.claim.ScanPositions.Lane;
import dev.trunkline.claim.ScanPositions.Position;
import dev.trunkline.database.Crowd;
import dev.trunkline.database.Tasks;
import dev.trunkline.database.TestDatabase;
import dev.trunkline.execute.ClaimedTask;
import dev.trunkline.finish.AttemptEnd.Kind;
import dev.trunkline.finish.Ends;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class ClaimSqlTest {

  private static final TestDatabase DATABASE = TestDatabase.fresh();

  private final UUID worker = Tasks.worker(DATABASE, "w1");
  private final Tasks tasks = Tasks.in(DATABASE);

  @BeforeEach
  void emptyTheQueues() {
    DATABASE.update("delete from trunkline.ready");
    DATABASE.update("delete from trunkline.lease");
    DATABASE.update("delete from trunkline.queue");
  }

  @Test
  void the_first_priority_comes_first_and_within_it_what_is_due_the_longest() {
    UUID last = tasks.priority(9).dueIn(Duration.ofHours(-9)).one();
    UUID third = tasks.priority(5).dueIn(Duration.ofSeconds(-1)).one();
    UUID second = tasks.priority(5).dueIn(Duration.ofSeconds(-5)).one();
    UUID first = tasks.priority(0).dueIn(Duration.ofSeconds(-1)).one();

    List<UUID> inTurn = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      inTurn.addAll(Claims.by(worker).freeElsewhere(1).idsOn(DATABASE));
    }

    assertThat(inTurn).containsExactly(first, second, third, last);
  }

  @Test
  void one_claim_answers_in_that_order_too() {
    UUID second = tasks.priority(5).dueIn(Duration.ofSeconds(-1)).one();
    UUID first = tasks.priority(5).dueIn(Duration.ofSeconds(-5)).one();
    UUID zeroth = tasks.priority(0).dueIn(Duration.ofSeconds(-1)).one();

    assertThat(Claims.by(worker).idsOn(DATABASE)).containsExactly(zeroth, first, second);
  }

  @Test
  void one_claim_answers_what_is_due_the_longest_first_whatever_the_queues() {
    UUID second = tasks.queue("a").dueIn(Duration.ofSeconds(-3)).one();
    UUID fourth = tasks.queue("b").dueIn(Duration.ofSeconds(-1)).one();
    UUID third = tasks.queue("a").dueIn(Duration.ofSeconds(-2)).one();
    UUID first = tasks.queue("b").dueIn(Duration.ofSeconds(-4)).one();

    assertThat(Claims.by(worker).idsOn(DATABASE)).containsExactly(first, second, third, fourth);
  }

  @Test
  void no_queue_gets_more_than_its_free_slots_over_all_priorities() {
    for (int priority = 0; priority < 10; priority++) {
      tasks.queue("narrow").priority(priority).many(4);
      tasks.queue("wide").priority(priority).many(4);
    }

    List<Claim.Row> rows =
        Claims.by(worker).free("narrow", 6).freeElsewhere(17).on(DATABASE).rows();

    assertThat(rows).filteredOn(row -> row.lane().queue().equals("narrow")).hasSize(6);
    assertThat(rows).filteredOn(row -> row.lane().queue().equals("wide")).hasSize(17);
    assertThat(rows).extracting(row -> row.lane().priority()).contains(0, 1, 4).doesNotContain(5);
  }

  @Test
  void one_claim_takes_no_more_than_it_may_however_many_queues_have_slots() {
    for (int i = 0; i < 6; i++) {
      tasks.queue("crowd-" + i).many(Claim.MOST / 5);
    }
    tasks.queue("crowd-0").dueIn(Duration.ofHours(1)).one();

    Claims each = Claims.by(worker).freeElsewhere(Claim.MOST / 5);
    Claim.Answer first = each.on(DATABASE);
    Claim.Answer second = each.on(DATABASE);

    assertThat(first.rows()).hasSize(Claim.MOST);
    assertThat(first.cutShort()).isTrue();
    assertThat(first.nextDue()).as("nobody waits for it").isEmpty();
    assertThat(second.rows()).as("the others still wait").hasSize(Claim.MOST / 5);
    assertThat(second.nextDue()).isPresent();
    assertThat(second.cutShort()).isFalse();
  }

  @Test
  void one_claim_takes_payloads_that_fit_into_memory_the_first_in_their_turn() {
    int many = (int) (Claim.HEAVIEST >> 20) * 3 / 2;
    List<UUID> late = tasks.priority(5).dueIn(Duration.ofSeconds(-1)).many(many);
    List<UUID> soon = tasks.priority(5).dueIn(Duration.ofSeconds(-9)).many(2);
    UUID urgent = tasks.priority(0).one();
    // A megabyte each, of which nothing can be compressed.
    DATABASE.update(
        """
        update trunkline.task t
        set payload = to_jsonb((select string_agg(md5(random()::text || t.id || i), '')
                                from generate_series(1, 1 << 15) as i))
        from trunkline.ready r
        where r.task_id = t.id
        """);

    Claim.Answer first = Claims.by(worker).on(DATABASE);

    List<UUID> taken = first.rows().stream().map(row -> row.task().token().taskId()).toList();
    assertThat(taken).hasSizeBetween(many / 2, many).startsWith(urgent).containsAll(soon);
    assertThat(DATABASE.rows("select unnest(task_ids) as id from trunkline.lease"))
        .extracting(row -> row.get("id"))
        .containsExactlyInAnyOrderElementsOf(taken);
    assertThat(DATABASE.rows("select task_id as id from trunkline.ready"))
        .extracting(row -> row.get("id"))
        .hasSize(late.size() + 3 - taken.size())
        .doesNotContainAnyElementsOf(taken);
    assertThat(first.rows().getLast().task().payload()).hasSize((1 << 20) + 2);
    assertThat(first.cutShort()).isTrue();
    Claim.Answer second = Claims.by(worker).on(DATABASE);
    assertThat(taken.size() + second.rows().size()).isEqualTo(many + 3);
    assertThat(second.cutShort()).isFalse();
  }

  @Test
  void each_queue_has_the_same_chance_to_come_first() {
    for (int i = 0; i < 3; i++) {
      tasks.queue("rival-" + i).many(Claim.MOST);
    }
    Set<String> firsts = new HashSet<>();
    Awaitility.await()
        .until(
            () ->
                DATABASE.inTransaction(
                    transaction -> {
                      firsts.add(first(new Claimer(transaction).claim(all())));
                      transaction.getConnection().rollback();
                      return firsts.size() == 3;
                    }));
  }

  private Claim.Request all() {
    return Claims.by(worker).freeElsewhere(Claim.MOST).request();
  }

  private static String first(Claim.Answer answer) {
    return answer.rows().getFirst().lane().queue();
  }

  @Test
  void a_queue_without_a_free_slot_gets_nothing_and_stops_no_other() {
    tasks.queue("full").many(3);
    UUID other = tasks.queue("other").one();

    assertThat(Claims.by(worker).free("full", 0).idsOn(DATABASE)).containsExactly(other);
  }

  @Test
  void what_was_claimed_is_leased_under_its_attempt_and_waits_no_longer() {
    List<UUID> ids = tasks.many(3);
    DATABASE.update("update trunkline.task set attempt = 2 where id = ?", ids.get(1));

    List<Claim.Row> rows = Claims.by(worker).on(DATABASE).rows();

    assertThat(rows).extracting(row -> row.task().token().taskId()).containsExactlyElementsOf(ids);
    assertThat(DATABASE.rows("select from trunkline.ready")).isEmpty();
    assertThat(
            DATABASE.rows(
                """
                select m.task_id, m.attempt
                from trunkline.lease l
                cross join unnest(l.task_ids, l.attempts) as m (task_id, attempt)
                where l.id = ? and l.worker_id = ?
                  and l.started_at between now() - interval '1 minute' and now()
                order by m.task_id
                """,
                rows.getFirst().task().lease(),
                worker))
        .extracting(row -> row.get("task_id"), row -> row.get("attempt"))
        .containsExactlyInAnyOrder(
            tuple(ids.get(0), 1), tuple(ids.get(1), 2), tuple(ids.get(2), 1));
    assertThat(DATABASE.count("select count(*) from trunkline.lease")).isEqualTo(1);
  }

  @Test
  void the_claimed_task_is_the_one_that_was_submitted() {
    UUID id = tasks.queue("other").priority(3).maxAttempts(7).one();

    Claim.Row row = Claims.by(worker).on(DATABASE).rows().getFirst();

    ClaimedTask task = row.task();
    assertThat(task.token().taskId()).isEqualTo(id);
    assertThat(task.token().attempt()).isEqualTo(1);
    assertThat(task.type()).isEqualTo("test");
    assertThat(task.queue()).isEqualTo("other");
    assertThat(task.payload()).isEqualTo("{\"n\": 1}");
    assertThat(task.failuresBefore()).isZero();
    assertThat(task.maxAttempts()).isEqualTo(7);
    assertThat(task.timeout()).isEqualTo(Duration.ofMinutes(1));
    assertThat(Duration.between(task.due(), task.startedAt()))
        .isBetween(Duration.ofSeconds(1), Duration.ofMinutes(1));
    assertThat(row.lane()).isEqualTo(new Lane("other", 3));
    assertThat(row.position()).isEqualTo(positionOf(id));
  }

  @Test
  void a_claim_that_finds_nothing_makes_no_lease() {
    assertThat(Claims.by(worker).on(DATABASE).rows()).isEmpty();
    assertThat(DATABASE.rows("select from trunkline.lease")).isEmpty();
  }

  @Test
  void a_scheduled_task_is_not_claimed_early() {
    tasks.dueIn(Duration.ofMinutes(10)).one();

    Claim.Answer answer = Claims.by(worker).on(DATABASE);

    assertThat(answer.rows()).isEmpty();
    assertThat(answer.nextDue())
        .hasValueSatisfying(
            next -> assertThat(next).isBetween(Duration.ofMinutes(9), Duration.ofMinutes(10)));
  }

  @Test
  void the_next_due_time_is_the_nearest_of_all_lanes() {
    tasks.dueIn(Duration.ofMinutes(10)).one();
    tasks.queue("other").priority(9).dueIn(Duration.ofMinutes(2)).one();
    tasks.queue("paused").dueIn(Duration.ofMinutes(1)).one();
    pause("paused");

    assertThat(Claims.by(worker).on(DATABASE).nextDue())
        .hasValueSatisfying(
            next -> assertThat(next).isBetween(Duration.ofSeconds(61), Duration.ofMinutes(2)));
  }

  @Test
  void nothing_is_due_next_where_nothing_waits() {
    assertThat(Claims.by(worker).on(DATABASE).nextDue()).isEmpty();
  }

  @Test
  void a_paused_queue_gets_nothing() {
    tasks.queue("paused").many(2);
    pause("paused");

    assertThat(Claims.by(worker).idsOn(DATABASE)).isEmpty();
  }

  @Test
  void only_the_queues_that_were_asked_for_are_looked_at() {
    tasks.queue("one").one();
    UUID two = tasks.queue("two").one();

    assertThat(Claims.by(worker).only("two", "three").idsOn(DATABASE)).containsExactly(two);
  }

  @Test
  void a_type_that_cannot_run_here_is_left_for_others() {
    tasks.type("strange").many(3);
    UUID known = tasks.type("test").one();

    assertThat(Claims.by(worker).freeElsewhere(1).idsOn(DATABASE)).containsExactly(known);
    assertThat(Claims.by(worker).types("strange").idsOn(DATABASE)).hasSize(3);
    assertThat(Claims.by(worker).types(new String[0]).idsOn(DATABASE)).isEmpty();
  }

  @Test
  void an_expired_task_is_not_started() {
    tasks.expiresIn(Duration.ofMillis(-1)).one();
    UUID inTime = tasks.expiresIn(Duration.ofMinutes(1)).one();

    assertThat(Claims.by(worker).idsOn(DATABASE)).containsExactly(inTime);
  }

  @Test
  void a_dead_worker_gets_nothing() {
    tasks.one();
    DATABASE.update("update trunkline.worker set dead_at = now() where id = ?", worker);

    assertThat(Claims.by(worker).idsOn(DATABASE)).isEmpty();
    assertThat(Claims.by(UUID.randomUUID()).idsOn(DATABASE)).isEmpty();
  }

  @Test
  void a_worker_whose_time_is_over_but_who_was_not_declared_dead_works_on() {
    UUID task = tasks.one();
    Tasks.silence(DATABASE, worker);

    assertThat(Claims.by(worker).idsOn(DATABASE)).containsExactly(task);
  }

  @Test
  void a_claim_starts_behind_its_position_and_only_in_that_lane() {
    List<UUID> lane = tasks.many(5);
    List<UUID> urgent = tasks.priority(0).many(2);
    UUID otherPriority = tasks.priority(7).dueIn(Duration.ofHours(-1)).one();
    UUID otherQueue = tasks.queue("other").priority(5).one();
    Map<Lane, Position> from =
        Map.of(
            new Lane("default", 5), positionOf(lane.get(2)),
            new Lane("default", 0), positionOf(urgent.get(0)));

    assertThat(Claims.by(worker).from(from).idsOn(DATABASE))
        .containsExactlyInAnyOrder(
            urgent.get(1), lane.get(3), lane.get(4), otherPriority, otherQueue);
    assertThat(Claims.by(worker).idsOn(DATABASE))
        .containsExactly(urgent.get(0), lane.get(0), lane.get(1), lane.get(2));
  }

  @Test
  void of_tasks_due_at_the_same_microsecond_the_id_decides() {
    List<UUID> lane = tasks.many(3);
    DATABASE.update("update trunkline.ready set due = now() - interval '1 second'");
    List<UUID> byId =
        DATABASE.column(UUID.class, "select task_id from trunkline.ready order by task_id");
    assertThat(byId).containsExactlyInAnyOrderElementsOf(lane);
    Position first =
        new Position(
            DATABASE
                .value(Timestamp.class, "select distinct due from trunkline.ready")
                .toInstant()
                .atOffset(ZoneOffset.UTC),
            byId.getFirst());

    assertThat(Claims.by(worker).from(Map.of(new Lane("default", 5), first)).idsOn(DATABASE))
        .containsExactly(byId.get(1), byId.get(2));
  }

  @Test
  void a_task_that_another_session_holds_is_passed_over() throws SQLException {
    List<UUID> ids = tasks.many(3);
    try (Connection other = DATABASE.connect();
        PreparedStatement lock =
            other.prepareStatement("select from trunkline.ready where task_id = ? for update")) {
      other.setAutoCommit(false);
      lock.setObject(1, ids.get(0));
      lock.execute();

      assertThat(Claims.by(worker).idsOn(DATABASE)).containsExactly(ids.get(1), ids.get(2));
      other.rollback();
    }
    assertThat(Claims.by(worker).idsOn(DATABASE)).containsExactly(ids.get(0));
  }

  @Test
  void no_task_is_claimed_twice_however_many_claim_at_once() throws Exception {
    List<UUID> all = tasks.many(2_000);
    Callable<List<UUID>> claiming =
        () -> {
          UUID own = Tasks.worker(DATABASE, "one of many");
          List<UUID> mine = new ArrayList<>();
          for (List<UUID> some; !(some = claimSome(own)).isEmpty(); ) {
            mine.addAll(some);
          }
          return mine;
        };

    List<UUID> claimed =
        Crowd.run(Collections.nCopies(4, claiming)).stream().flatMap(List::stream).toList();

    assertThat(claimed).doesNotHaveDuplicates().hasSameSizeAs(all).containsAll(all);
    assertThat(
            DATABASE.column(UUID.class, "select unnest(task_ids) as task_id from trunkline.lease"))
        .doesNotHaveDuplicates()
        .hasSize(2_000);
  }

  private static List<UUID> claimSome(UUID worker) {
    return Claims.by(worker).freeElsewhere(37).idsOn(DATABASE);
  }

  @ParameterizedTest
  @CsvSource({
    "'', 0",
    "FAILED, 1",
    "'FAILED,WORKER_LOST', 2",
    "RELEASED, 0",
    "'FAILED,RELEASED', 1",
    "'SNOOZED,FAILED,SNOOZED,TIMED_OUT,RELEASED', 2"
  })
  void only_what_costs_an_attempt_is_counted_as_a_failure(String history, int failures) {
    UUID task = tasks.one();
    int attempt = 1;
    for (String kind : history.isEmpty() ? new String[0] : history.split(",")) {
      assertThat(Claims.by(worker).idsOn(DATABASE)).containsExactly(task);
      Ends.writer(DATABASE.dataSource())
          .write(List.of(Ends.setback(task, attempt++, Kind.valueOf(kind))), List.of());
    }

    ClaimedTask claimed = Claims.by(worker).on(DATABASE).rows().getFirst().task();

    assertThat(claimed.token().attempt()).isEqualTo(attempt);
    assertThat(claimed.failuresBefore()).isEqualTo(failures);
    assertThat(claimed.maxAttempts()).isEqualTo(3);
  }

  private static void pause(String queue) {
    DATABASE.update("update trunkline.queue set paused_at = now() where name = ?", queue);
  }

  private static Position positionOf(UUID task) {
    return new Position(
        DATABASE
            .value(Timestamp.class, "select run_at from trunkline.task where id = ?", task)
            .toInstant()
            .atOffset(ZoneOffset.UTC),
        task);
  }
}
