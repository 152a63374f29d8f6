package dev.trunkline.claim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trunkline.claim.RemoteClaim.Due;
import dev.trunkline.claim.RemoteClaim.Row;
import dev.trunkline.claim.RemoteClaim.Seat;
import dev.trunkline.claim.RemoteClaim.Since;
import dev.trunkline.claim.RemoteClaim.Tidings;
import dev.trunkline.claim.ScanPositions.Lane;
import dev.trunkline.database.Crowd;
import dev.trunkline.database.Tasks;
import dev.trunkline.database.TestDatabase;
import dev.trunkline.finish.AttemptEnd.Kind;
import dev.trunkline.finish.Ends;
import dev.trunkline.task.Task;
import dev.trunkline.task.TaskState;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RemoteClaimSqlTest {

  private static final TestDatabase DATABASE = TestDatabase.fresh();
  private static final RemoteClaims ANY = RemoteClaims.ofType("test");

  private final Tasks tasks = Tasks.in(DATABASE);

  @BeforeEach
  void emptyTheQueues() {
    DATABASE.update("delete from trunkline.ready");
    DATABASE.update("delete from trunkline.remote_lease");
    DATABASE.update("delete from trunkline.queue");
  }

  @Test
  void each_task_has_a_lease_of_its_own_under_its_attempt_and_waits_no_longer() {
    List<UUID> ids = tasks.many(2);
    DATABASE.update("update trunkline.task set attempt = 2 where id = ?", ids.get(1));

    List<Row> rows = ANY.on(DATABASE).rows();

    assertThat(rows).extracting(row -> row.task().id).containsExactlyElementsOf(ids);
    assertThat(DATABASE.rows("select from trunkline.ready")).isEmpty();
    for (int i = 0; i < 2; i++) {
      assertThat(
              DATABASE.row(
                  """
                  select attempt, worker, lasts = interval '30 seconds' as lasts,
                    started_at = heartbeat_at as heard,
                    expires_at - started_at = interval '30 seconds' as expires,
                    ends_at - started_at = interval '1 minute' as ends,
                    started_at between now() - interval '1 minute' and now() as now
                  from trunkline.remote_lease
                  where task_id = ?
                  """,
                  ids.get(i)))
          .containsEntry("attempt", i + 1)
          .containsEntry("worker", "w1")
          .containsEntry("lasts", true)
          .containsEntry("heard", true)
          .containsEntry("expires", true)
          .containsEntry("ends", true)
          .containsEntry("now", true);
    }
  }

  @Test
  void an_answer_that_would_be_too_long_is_cut_and_the_rest_stays_for_others() {
    List<UUID> ids = tasks.many(5);
    lengthen(ids, 3);

    RemoteClaim.Answer answer = ANY.on(DATABASE);

    assertThat(answer.isCut()).isTrue();
    assertThat(answer.rows())
        .extracting(row -> row.task().id)
        .containsExactlyElementsOf(ids.subList(0, 3));
    assertThat(DATABASE.column(UUID.class, "select task_id from trunkline.ready order by due"))
        .containsExactlyElementsOf(ids.subList(3, 5));
    assertThat(DATABASE.count("select count(*) from trunkline.remote_lease")).isEqualTo(3);
    assertThat(ANY.on(DATABASE).isCut()).isFalse();
  }

  @Test
  void one_task_is_taken_however_long_it_is() {
    List<UUID> ids = tasks.many(2);
    lengthen(ids, 9);

    assertThat(ANY.idsOn(DATABASE)).containsExactly(ids.getFirst());
    assertThat(ANY.idsOn(DATABASE)).containsExactly(ids.getLast());
  }

  @Test
  void the_leased_task_is_the_one_that_readers_see() {
    UUID id = tasks.queue("other").priority(3).maxAttempts(7).expiresIn(Duration.ofHours(1)).one();
    DATABASE.update(
        "update trunkline.task set tags = '{a,\"b,c\"}', traceparent = 'tp' where id = ?", id);
    DATABASE.update("update trunkline.task set error = '{\"type\": \"x\"}' where id = ?", id);

    Row row = ANY.on(DATABASE).rows().getFirst();

    Task task = row.task();
    assertThat(task.state).isEqualTo(TaskState.RUNNING);
    assertThat(task.type).isEqualTo("test");
    assertThat(task.queue).isEqualTo("other");
    assertThat(task.priority).isEqualTo(3);
    assertThat(task.tags).containsExactly("a", "b,c");
    assertThat(task.payload).isEqualTo("{\"n\": 1}");
    assertThat(task.result).isNull();
    assertThat(task.error).isEqualTo("{\"type\": \"x\"}");
    assertThat(task.attempt).isEqualTo(1);
    assertThat(task.maxAttempts).isEqualTo(7);
    assertThat(task.timeout).isEqualTo(Duration.ofMinutes(1));
    assertThat(task.worker).isEqualTo("w1");
    assertThat(task.traceparent).isEqualTo("tp");
    assertThat(row.lane()).isEqualTo(new Lane("other", 3));
    assertThat(row.expiresAt()).isEqualTo(task.startedAt.plusSeconds(30));
    assertThat(
            DATABASE.row(
                """
                select state, run_at, created_at, expires_at, started_at, worker
                from trunkline.task_status
                where id = ?
                """,
                id))
        .containsEntry("state", "running")
        .containsEntry("run_at", timestamp(task.runAt))
        .containsEntry("created_at", timestamp(task.createdAt))
        .containsEntry("expires_at", timestamp(task.expiresAt))
        .containsEntry("started_at", timestamp(task.startedAt))
        .containsEntry("worker", "w1");
  }

  @Test
  void the_first_priority_comes_first_whatever_its_queue() {
    UUID second = tasks.queue("a").priority(5).dueIn(Duration.ofHours(-1)).one();
    UUID first = tasks.queue("b").priority(0).dueIn(Duration.ofSeconds(-1)).one();

    assertThat(ANY.atMost(1).idsOn(DATABASE)).containsExactly(first);
    assertThat(ANY.atMost(1).idsOn(DATABASE)).containsExactly(second);
  }

  @Test
  void of_several_queues_the_one_comes_first_whose_task_has_been_due_the_longest() {
    UUID second = tasks.queue("a").dueIn(Duration.ofSeconds(-5)).one();
    UUID third = tasks.queue("c").dueIn(Duration.ofSeconds(-1)).one();
    UUID first = tasks.queue("b").dueIn(Duration.ofSeconds(-9)).one();

    List<UUID> inTurn = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      inTurn.addAll(ANY.atMost(1).idsOn(DATABASE));
    }

    assertThat(inTurn).containsExactly(first, second, third);
  }

  @Test
  void all_queues_and_priorities_together_give_no_more_than_there_are_seats() {
    for (int priority = 0; priority < 10; priority++) {
      tasks.queue("a").priority(priority).many(3);
      tasks.queue("b").priority(priority).many(3);
    }

    List<Row> rows = ANY.atMost(20).on(DATABASE).rows();

    assertThat(rows).hasSize(20);
    assertThat(rows).extracting(row -> row.task().priority).isSorted().endsWith(3, 3);
    assertThat(DATABASE.count("select count(*) from trunkline.ready")).isEqualTo(40);
    assertThat(DATABASE.count("select count(*) from trunkline.remote_lease")).isEqualTo(20);
  }

  @Test
  void the_first_seat_gets_what_has_waited_the_longest() {
    UUID second = tasks.dueIn(Duration.ofSeconds(-1)).one();
    UUID first = tasks.dueIn(Duration.ofSeconds(-5)).one();

    List<Row> rows =
        ANY.seats(
                new Seat("quick", Duration.ofSeconds(5)), new Seat("patient", Duration.ofHours(1)))
            .on(DATABASE)
            .rows();

    assertThat(rows).extracting(row -> row.task().id).containsExactly(first, second);
    assertThat(rows).extracting(row -> row.task().worker).containsExactly("quick", "patient");
    assertThat(rows.getFirst().expiresAt())
        .isEqualTo(rows.getFirst().task().startedAt.plusSeconds(5));
  }

  @Test
  void a_lease_is_over_with_the_timeout_of_its_task() {
    UUID task = tasks.one();
    DATABASE.update("update trunkline.task set timeout = '7 seconds' where id = ?", task);

    Row row = ANY.on(DATABASE).rows().getFirst();

    assertThat(row.expiresAt()).isEqualTo(row.task().startedAt.plusSeconds(7));
  }

  @Test
  void only_the_types_that_are_asked_for_are_taken_from_whatever_queue() {
    UUID one = tasks.queue("a").type("one").one();
    tasks.queue("a").type("other").one();
    UUID two = tasks.queue("b").type("two").one();

    assertThat(RemoteClaims.ofType("one", "two").idsOn(DATABASE)).containsOnly(one, two);
  }

  @Test
  void of_the_queues_that_are_asked_for_every_type_is_taken() {
    UUID one = tasks.queue("a").type("one").one();
    tasks.queue("b").type("one").one();
    UUID two = tasks.queue("a").type("two").one();

    assertThat(RemoteClaims.ofQueue("a", "nowhere").idsOn(DATABASE)).containsOnly(one, two);
  }

  @Test
  void what_is_scheduled_expired_or_in_a_paused_queue_stays() {
    tasks.dueIn(Duration.ofMinutes(10)).one();
    Tasks.in(DATABASE).expiresIn(Duration.ofSeconds(-1)).one();
    Tasks.in(DATABASE).queue("paused").one();
    DATABASE.update("update trunkline.queue set paused_at = now() where name = 'paused'");

    assertThat(ANY.on(DATABASE).rows()).isEmpty();
    assertThat(RemoteClaims.ofQueue("paused", "default").on(DATABASE).rows()).isEmpty();
    assertThat(DATABASE.count("select count(*) from trunkline.ready")).isEqualTo(3);
  }

  @Test
  void what_somebody_else_is_claiming_is_passed_over_and_nothing_else_is_locked()
      throws SQLException {
    tasks.many(5);
    try (Connection connection = DATABASE.connect();
        PreparedStatement claim = connection.prepareStatement(RemoteClaimSql.CLAIM)) {
      connection.setAutoCommit(false);
      RemoteClaimSql.bind(claim, ANY.atMost(2).request());
      claim.executeQuery().close();

      assertThat(ANY.idsOn(DATABASE)).hasSize(3);
      connection.rollback();
    }
    assertThat(ANY.idsOn(DATABASE)).hasSize(2);
  }

  @Test
  void those_who_claim_at_once_get_everything_once() throws Exception {
    List<UUID> all = tasks.many(400);
    UUID worker = Tasks.worker(DATABASE, "inside");
    Callable<List<UUID>> outside = () -> claimAll(ANY.atMost(13));
    Callable<List<UUID>> inside = () -> Claims.by(worker).freeElsewhere(17).idsOn(DATABASE);

    List<Callable<List<UUID>>> crowd = new ArrayList<>(Collections.nCopies(4, outside));
    crowd.addAll(Collections.nCopies(4, inside));

    assertThat(Crowd.run(crowd).stream().flatMap(List::stream))
        .containsExactlyInAnyOrderElementsOf(all);
  }

  @Test
  void a_claim_starts_behind_its_position() {
    List<Row> first = rowsOf(tasks.many(3));
    DATABASE.update("delete from trunkline.remote_lease");

    List<UUID> rest =
        ANY.from(Map.of(first.get(1).lane(), first.get(1).position())).idsOn(DATABASE);

    assertThat(rest).containsExactly(first.get(2).task().id);
  }

  @Test
  void in_the_other_lanes_it_starts_at_its_time() {
    Tidings before = ANY.on(DATABASE).tidings();
    tasks.queue("a").dueIn(Duration.ofMinutes(-1)).one();
    Since since = new Since(before.at(), openQueues());
    UUID young = tasks.queue("a").dueIn(Duration.ZERO).one();

    assertThat(ANY.since(since).idsOn(DATABASE)).containsExactly(young);
  }

  @Test
  void but_only_while_the_same_queues_are_open() {
    tasks.queue("a").one();
    tasks.queue("b").one();
    DATABASE.update("update trunkline.queue set paused_at = now() where name = 'b'");
    Since since = new Since(OffsetDateTime.now(), openQueues());
    assertThat(ANY.since(since).idsOn(DATABASE)).isEmpty();
    assertThat(look(since)).isEmpty();

    DATABASE.update("update trunkline.queue set paused_at = null");

    assertThat(look(since)).hasSize(2);
    assertThat(ANY.since(since).idsOn(DATABASE)).hasSize(2);
  }

  @Test
  void a_look_tells_what_is_due_where_and_takes_nothing() {
    tasks.queue("a").type("one").many(3);
    tasks.queue("a").type("one").priority(9).one();
    tasks.queue("a").type("two").one();
    tasks.queue("b").type("one").one();
    Tasks.in(DATABASE).queue("c").type("later").dueIn(Duration.ofHours(1)).one();
    Tasks.in(DATABASE).queue("c").type("expired").expiresIn(Duration.ofSeconds(-1)).one();
    Tasks.in(DATABASE).queue("paused").type("paused").one();
    DATABASE.update("update trunkline.queue set paused_at = now() where name = 'paused'");

    assertThat(RemoteClaims.claimer(DATABASE).look(Optional.empty()).due())
        .containsExactlyInAnyOrder(new Due("a", "one"), new Due("a", "two"), new Due("b", "one"));
    assertThat(DATABASE.count("select count(*) from trunkline.ready")).isEqualTo(9);
  }

  @Test
  void a_look_starts_at_its_time() {
    tasks.queue("a").type("old").dueIn(Duration.ofMinutes(-1)).one();
    Since since =
        new Since(
            RemoteClaims.claimer(DATABASE).look(Optional.empty()).tidings().at(), openQueues());
    tasks.queue("a").type("young").dueIn(Duration.ZERO).one();

    assertThat(look(since)).containsExactly(new Due("a", "young"));
  }

  @Test
  void what_is_told_is_the_time_and_when_the_next_task_is_due_in_an_open_queue() {
    tasks.dueIn(Duration.ofMinutes(10)).one();
    Tasks.in(DATABASE).queue("b").type("any").priority(9).dueIn(Duration.ofMinutes(2)).one();
    Tasks.in(DATABASE).queue("paused").dueIn(Duration.ofMinutes(1)).one();
    DATABASE.update("update trunkline.queue set paused_at = now() where name = 'paused'");
    OffsetDateTime before =
        DATABASE
            .value(java.sql.Timestamp.class, "select now()")
            .toInstant()
            .atOffset(java.time.ZoneOffset.UTC);

    Tidings tidings = ANY.on(DATABASE).tidings();

    assertThat(tidings.at()).isBetween(before, before.plusMinutes(1));
    assertThat(tidings.nextDue())
        .hasValueSatisfying(
            next -> assertThat(next).isBetween(Duration.ofSeconds(61), Duration.ofMinutes(2)));
  }

  @Test
  void nothing_is_due_next_where_nothing_waits() {
    assertThat(ANY.on(DATABASE).tidings().nextDue()).isEmpty();
  }

  @Test
  void a_task_that_was_leased_before_can_be_leased_again_under_its_next_attempt() {
    UUID task = tasks.one();
    assertThat(ANY.idsOn(DATABASE)).containsExactly(task);
    // However it came about: a lease that was left behind keeps nobody from the next attempt.
    Ends.writer(DATABASE.dataSource())
        .write(List.of(Ends.setback(task, 1, Kind.FAILED)), List.of());

    assertThat(ANY.on(DATABASE).rows())
        .singleElement()
        .satisfies(row -> assertThat(row.task().attempt).isEqualTo(2));
  }

  private List<Row> rowsOf(List<UUID> ids) {
    List<Row> rows = ANY.on(DATABASE).rows();
    DATABASE.update(
        """
        insert into trunkline.ready (queue, priority, due, task_id, type, expires_at)
        select queue, priority, run_at, id, type, expires_at
        from trunkline.task
        where id = any(string_to_array(?, ',')::uuid[])
        """,
        String.join(",", ids.stream().map(UUID::toString).toList()));
    return rows;
  }

  private static List<UUID> claimAll(RemoteClaims claims) {
    List<UUID> all = new ArrayList<>();
    List<UUID> some;
    do {
      some = claims.idsOn(DATABASE);
      all.addAll(some);
    } while (!some.isEmpty());
    return all;
  }

  private static List<Due> look(Since since) {
    return RemoteClaims.claimer(DATABASE).look(Optional.of(since)).due();
  }

  private static String openQueues() {
    return RemoteClaims.claimer(DATABASE).look(Optional.empty()).tidings().openQueues();
  }

  private static java.sql.Timestamp timestamp(java.time.Instant time) {
    return java.sql.Timestamp.from(time);
  }

  private static void lengthen(List<UUID> ids, int mebibytes) {
    ids.forEach(
        id ->
            DATABASE.update(
                "update trunkline.task set payload = to_jsonb(repeat('x', ?)) where id = ?",
                mebibytes * 1024 * 1024,
                id));
  }
}
