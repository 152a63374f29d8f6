package dev.trunkline.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.trunkline.claim.RemoteClaims;
import dev.trunkline.database.Crowd;
import dev.trunkline.database.Tasks;
import dev.trunkline.database.TestDatabase;
import dev.trunkline.finish.AttemptEnd.Kind;
import dev.trunkline.finish.Ends;
import dev.trunkline.finish.ProgressReport;
import dev.trunkline.remote.HeldLeases.Completion;
import dev.trunkline.remote.HeldLeases.Settled;
import dev.trunkline.task.AttemptToken;
import dev.trunkline.task.Refusal;
import dev.trunkline.task.RefusedException;
import dev.trunkline.task.Task;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowingConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
class HeldLeasesSqlTest {

  private static final TestDatabase DATABASE = TestDatabase.fresh();
  private static final Duration NONE = Duration.ZERO;

  private final Outside outside = new Outside(DATABASE);
  private final HeldLeases held = outside.held;
  private final Tasks tasks = Tasks.in(DATABASE);

  /** What can be said about a lease. */
  private enum Said {
    HEARTBEAT((held, token) -> held.heartbeat(token, Optional.empty(), Optional.empty())),
    PROGRESS((held, token) -> held.heartbeat(token, report(99), Optional.of(Duration.ofHours(1)))),
    COMPLETE((held, token) -> held.complete(token, "\"late\"")),
    FAIL((held, token) -> held.fail(token, "late", true, Optional.empty())),
    REJECT((held, token) -> held.fail(token, "late", false, Optional.empty())),
    RELEASE(HeldLeases::release);

    private final BiConsumer<HeldLeases, String> words;

    Said(BiConsumer<HeldLeases, String> words) {
      this.words = words;
    }
  }

  @Test
  void complete_ends_the_task_with_its_result_and_the_lease_with_it() {
    UUID task = tasks.one();
    String token = outside.lease(task);

    assertThat(held.complete(token, "{\"done\": true}")).isEqualTo(task);

    assertThat(status(task))
        .containsEntry("state", "succeeded")
        .containsEntry("result", "{\"done\": true}")
        .containsEntry("worker", "w1")
        .containsEntry("attempt", 1);
    assertThat(leases(task)).isZero();
  }

  @Test
  void what_is_given_back_does_not_end_at_a_lease_that_is_over() {
    List<UUID> ids = tasks.many(3);
    assertThat(RemoteClaims.ofType("test").idsOn(DATABASE)).containsAll(ids);
    outside.expire(ids.getFirst());

    held.giveBack(ids.stream().map(this::leasedTask).toList());

    assertThat(Tasks.isWaiting(DATABASE, ids.get(0))).isFalse();
    assertThat(Tasks.isWaiting(DATABASE, ids.get(1))).isTrue();
    assertThat(Tasks.isWaiting(DATABASE, ids.get(2))).isTrue();
  }

  @Test
  void what_began_with_the_lease_began_then_in_the_end_too() {
    UUID task = tasks.one();
    String token = outside.lease(task);
    Object started = status(task).get("started_at");

    held.complete(token, "1");

    assertThat(started).isNotNull();
    assertThat(status(task)).containsEntry("started_at", started);
  }

  @ParameterizedTest
  @EnumSource
  void once_its_time_is_over_nothing_that_is_said_changes_anything(Said said) {
    UUID task = tasks.one();
    String token = outside.lease(task);
    outside.expire(task);
    Map<String, Object> before = everything(task);

    assertThatThrownBy(() -> said.words.accept(held, token)).satisfies(lost(task));

    assertThat(everything(task)).isEqualTo(before);
  }

  @ParameterizedTest
  @EnumSource
  void nor_does_it_when_the_task_runs_elsewhere(Said said) {
    UUID task = tasks.one();
    String token = outside.lease(task);
    DATABASE.update("delete from trunkline.remote_lease where task_id = ?", task);
    Ends.writer(DATABASE.dataSource())
        .write(List.of(Ends.setback(task, 1, Kind.WORKER_LOST)), List.of());

    assertThat(RemoteClaims.ofType("test").idsOn(DATABASE)).contains(task);
    Map<String, Object> before = everything(task);

    assertThatThrownBy(() -> said.words.accept(held, token)).satisfies(lost(task));

    assertThat(everything(task)).isEqualTo(before);
  }

  @ParameterizedTest
  @EnumSource
  void nor_does_it_when_the_attempt_has_ended_in_another_way(Said said) {
    for (Said first : List.of(Said.COMPLETE, Said.FAIL, Said.RELEASE)) {
      UUID task = tasks.one();
      String token = outside.lease(task);
      first.words.accept(held, token);
      Map<String, Object> before = everything(task);
      boolean same = first == said || (first == Said.FAIL && said == Said.REJECT);

      if (same) {
        said.words.accept(held, token);
      } else {
        assertThatThrownBy(() -> said.words.accept(held, token)).satisfies(lost(task));
      }
      assertThat(everything(task)).as("%s after %s", said, first).isEqualTo(before);
      DATABASE.update("delete from trunkline.ready");
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_token_that_was_never_issued_is_none(Said said) {
    UUID task = tasks.one();
    String token = outside.lease(task);
    byte[] bytes = Base64.getUrlDecoder().decode(token);
    for (int changed : List.of(0, 15, 19, 20, 35)) {
      byte[] forged = bytes.clone();
      forged[changed] ^= 1;
      String text = Base64.getUrlEncoder().withoutPadding().encodeToString(forged);
      assertThatThrownBy(() -> said.words.accept(held, text)).satisfies(unknown());
    }
    for (String text :
        List.of("", "x", token.substring(1), token + "AAAA", token + "=", "ä", "%")) {
      assertThatThrownBy(() -> said.words.accept(held, text)).satisfies(unknown());
    }
  }

  @Test
  void the_token_of_another_installation_is_none_here() {
    UUID task = tasks.one();
    LeaseTokens elsewhere = new LeaseTokens(TestDatabase.fresh().dataSource());
    DATABASE.update("update trunkline.lease_key set key = sha256('another')");
    LeaseTokens here = new LeaseTokens(DATABASE.dataSource());

    assertThat(here.open(elsewhere.seal(new AttemptToken(task, 1)))).isEmpty();
    assertThat(here.open(here.seal(new AttemptToken(task, 1)))).contains(new AttemptToken(task, 1));
  }

  @Test
  void a_token_says_nothing_of_a_task_that_is_deleted_but_that_its_lease_is_over() {
    UUID task = tasks.one();
    String token = outside.lease(task);
    held.complete(token, "1");
    DATABASE.update("delete from trunkline.task where id = ?", task);

    assertThatThrownBy(() -> held.complete(token, "1")).satisfies(lost(task));
  }

  @Test
  void a_heartbeat_extends_the_lease_by_as_much_as_before() {
    UUID task = tasks.one();
    String token = outside.lease(task);
    DATABASE.update(
        "update trunkline.remote_lease set expires_at = now() + interval '1 second' where task_id ="
            + " ?",
        task);

    Extended extended = held.heartbeat(token, Optional.empty(), Optional.empty());

    assertThat(extended.expiresAt()).isEqualTo(expiry(task));
    assertThat(Duration.between(heard(task), extended.expiresAt()))
        .isEqualTo(Duration.ofSeconds(30));
    assertThat(extended.cancelRequested()).isFalse();
  }

  @Test
  void or_by_what_it_says_and_then_goes_on_like_that() {
    UUID task = tasks.one();
    String token = outside.lease(task);

    held.heartbeat(token, Optional.empty(), Optional.of(Duration.ofSeconds(9)));
    Extended extended = held.heartbeat(token, Optional.empty(), Optional.empty());

    assertThat(Duration.between(heard(task), extended.expiresAt()))
        .isEqualTo(Duration.ofSeconds(9));
  }

  @Test
  void but_never_beyond_the_timeout_of_its_task() {
    UUID task = tasks.one();
    String token = outside.lease(task);

    Extended extended = held.heartbeat(token, Optional.empty(), Optional.of(Duration.ofHours(1)));

    Instant started = ((Timestamp) status(task).get("started_at")).toInstant();
    assertThat(extended.expiresAt()).isEqualTo(started.plusSeconds(60));
  }

  @Test
  void a_heartbeat_stores_the_progress_and_one_without_keeps_it() {
    UUID task = tasks.one();
    String token = outside.lease(task);

    held.heartbeat(token, report(40), Optional.empty());
    held.heartbeat(token, Optional.empty(), Optional.empty());

    assertThat(progress(task))
        .containsEntry("percent", "40")
        .containsEntry("message", "on the way");
  }

  @Test
  void a_heartbeat_tells_that_somebody_wants_the_task_cancelled() {
    UUID task = tasks.one();
    String token = outside.lease(task);
    wishCancelled(task);

    assertThat(held.heartbeat(token, Optional.empty(), Optional.empty()).cancelRequested())
        .isTrue();
  }

  @Test
  void fail_has_the_task_tried_again_after_a_pause() {
    UUID task = tasks.one();
    String token = outside.lease(task);

    held.fail(token, "it went wrong", true, Optional.empty());

    assertThat(status(task)).containsEntry("attempt", 2).containsEntry("worker", null);
    assertThat(error(task))
        .containsEntry("type", "handler-failed")
        .containsEntry("message", "it went wrong");
    assertThat(untilDue(task)).isBetween(NONE, Duration.ofMillis(1_100));
    assertThat(outcome(task, 1)).isEqualTo("failed");
    assertThat(leases(task)).isZero();
  }

  @Test
  void the_pause_grows_with_every_failure() {
    List<UUID> all = tasks.maxAttempts(20).many(30);
    List<Duration> pauses = new ArrayList<>();
    for (UUID task : all) {
      DATABASE.update(
          "update trunkline.task set attempt = 9, attempt_limit = 21 where id = ?", task);
    }
    assertThat(RemoteClaims.ofType("test").idsOn(DATABASE)).containsAll(all);
    for (UUID task : all) {
      held.fail(outside.tokens.seal(new AttemptToken(task, 9)), "no", true, Optional.empty());
      pauses.add(untilDue(task));
    }

    // Seven failures before, for one attempt cost nothing: uniform up to 128 seconds.
    assertThat(pauses).allSatisfy(pause -> assertThat(pause).isLessThan(Duration.ofSeconds(129)));
    assertThat(pauses).anySatisfy(pause -> assertThat(pause).isGreaterThan(Duration.ofSeconds(64)));
    DATABASE.update("delete from trunkline.ready");
  }

  @Test
  void or_after_the_delay_that_it_names() {
    UUID task = tasks.one();
    held.fail(outside.lease(task), "no", true, Optional.of(Duration.ofHours(3)));

    assertThat(untilDue(task)).isBetween(Duration.ofMinutes(179), Duration.ofHours(3));
    assertThat(status(task)).containsEntry("state", "scheduled");
  }

  @Test
  void a_failure_that_is_not_to_be_tried_again_ends_the_task_as_rejected() {
    UUID task = tasks.one();
    held.fail(outside.lease(task), "never", false, Optional.empty());

    assertThat(status(task)).containsEntry("state", "failed");
    assertThat(error(task)).containsEntry("type", "rejected").containsEntry("message", "never");
    assertThat(outcome(task, 1)).isEqualTo("rejected");
  }

  @Test
  void the_last_failure_ends_the_task() {
    UUID task = tasks.maxAttempts(1).one();
    held.fail(outside.lease(task), "no", true, Optional.empty());

    assertThat(status(task)).containsEntry("state", "failed");
    assertThat(error(task)).containsEntry("type", "handler-failed");
  }

  @Test
  void release_gives_the_task_back_due_at_once_and_at_no_cost() {
    UUID task = tasks.maxAttempts(1).one();
    held.release(outside.lease(task));

    assertThat(status(task)).containsEntry("state", "queued").containsEntry("attempt", 2);
    assertThat(outcome(task, 1)).isEqualTo("released");
    assertThat(DATABASE.count("select attempt_limit from trunkline.task where id = ?", task))
        .isEqualTo(2);
    assertThat(RemoteClaims.ofType("test").idsOn(DATABASE)).contains(task);
  }

  @Test
  void where_somebody_wants_it_cancelled_a_failure_and_a_release_end_it() {
    for (Said said : List.of(Said.FAIL, Said.RELEASE)) {
      UUID task = tasks.one();
      String token = outside.lease(task);
      wishCancelled(task);

      said.words.accept(held, token);

      assertThat(status(task)).containsEntry("state", "cancelled");
      assertThat(outcome(task, 1)).isEqualTo("cancelled");
      // Told the same once more; and to say the other is another matter.
      said.words.accept(held, token);
      Said other = said == Said.FAIL ? Said.RELEASE : Said.FAIL;
      assertThatThrownBy(() -> other.words.accept(held, token)).satisfies(lost(task));
    }
  }

  @Test
  void a_success_that_comes_before_the_cancellation_stays() {
    UUID task = tasks.one();
    String token = outside.lease(task);
    wishCancelled(task);

    held.complete(token, "1");

    assertThat(status(task)).containsEntry("state", "succeeded");
  }

  @Test
  void complete_said_twice_is_answered_the_same_and_the_first_result_stays() {
    UUID task = tasks.one();
    String token = outside.lease(task);

    assertThat(held.complete(token, "\"first\"")).isEqualTo(task);
    assertThat(held.complete(token, "\"second\"")).isEqualTo(task);

    assertThat(status(task)).containsEntry("result", "\"first\"");
  }

  @Test
  void fail_said_twice_is_answered_the_same_also_when_the_task_runs_again() {
    UUID task = tasks.one();
    String token = outside.lease(task);
    held.fail(token, "no", true, Optional.of(NONE));
    assertThat(RemoteClaims.ofType("test").idsOn(DATABASE)).contains(task);

    assertThat(held.fail(token, "no", true, Optional.of(NONE))).isEqualTo(task);

    assertThat(status(task)).containsEntry("state", "running").containsEntry("attempt", 2);
  }

  @Test
  void an_attempt_that_was_lost_was_not_failed_by_its_worker() {
    UUID task = tasks.one();
    String token = outside.lease(task);
    wishCancelled(task);
    DATABASE.update("delete from trunkline.remote_lease where task_id = ?", task);
    Ends.writer(DATABASE.dataSource())
        .write(List.of(Ends.setback(task, 1, Kind.WORKER_LOST)), List.of());
    assertThat(outcome(task, 1)).isEqualTo("cancelled");

    assertThatThrownBy(() -> Said.FAIL.words.accept(held, token)).satisfies(lost(task));
    assertThatThrownBy(() -> Said.RELEASE.words.accept(held, token)).satisfies(lost(task));
  }

  @Test
  void many_are_completed_in_one_write_and_each_is_answered_by_itself() {
    List<UUID> ids = tasks.many(5);
    RemoteClaims.ofType("test").idsOn(DATABASE);
    List<String> tokens =
        ids.stream().map(id -> outside.tokens.seal(new AttemptToken(id, 1))).toList();
    outside.expire(ids.get(1));
    held.complete(tokens.get(2), "\"before\"");
    held.release(tokens.get(3));

    List<Settled> settled =
        held.completeAll(
            Stream.concat(tokens.stream(), Stream.of("nonsense", tokens.get(0)))
                .map(token -> new Completion(token, "\"now\""))
                .toList());

    assertThat(settled.stream().map(Settled::task))
        .containsExactly(
            Optional.of(ids.get(0)),
            Optional.empty(),
            Optional.of(ids.get(2)),
            Optional.empty(),
            Optional.of(ids.get(4)),
            Optional.empty(),
            Optional.of(ids.get(0)));
    assertThat(settled.get(1).refusal()).contains(new Refusal.LeaseLost(ids.get(1)));
    assertThat(settled.get(3).refusal()).contains(new Refusal.LeaseLost(ids.get(3)));
    assertThat(settled.get(5).refusal()).contains(new Refusal.NoSuchLease());
    assertThat(ids.stream().map(id -> status(id).get("result")))
        .containsExactly("\"now\"", null, "\"before\"", null, "\"now\"");
    DATABASE.update("delete from trunkline.ready");
  }

  @Test
  void a_result_that_postgresql_refuses_takes_no_other_with_it() {
    List<UUID> ids = tasks.many(3);
    RemoteClaims.ofType("test").idsOn(DATABASE);
    List<Completion> completions = new ArrayList<>();
    ids.forEach(
        id ->
            completions.add(
                new Completion(
                    outside.tokens.seal(new AttemptToken(id, 1)),
                    id.equals(ids.get(1)) ? "\"\\u0000\"" : "1")));

    List<Settled> settled = held.completeAll(completions);

    assertThat(settled.get(0).task()).contains(ids.get(0));
    assertThat(settled.get(1).refusal()).get().isInstanceOf(Refusal.Invalid.class);
    assertThat(settled.get(2).task()).contains(ids.get(2));
    assertThat(status(ids.get(1))).containsEntry("state", "running");
  }

  @Test
  void of_those_who_complete_at_once_one_writes_and_all_are_answered_the_same() throws Exception {
    UUID task = tasks.one();
    String token = outside.lease(task);
    Outside other = new Outside(DATABASE);
    List<Callable<UUID>> crowd = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      HeldLeases process = i % 2 == 0 ? held : other.held;
      String result = "\"" + i + "\"";
      crowd.add(() -> process.complete(token, result));
    }

    assertThat(Crowd.run(crowd)).containsOnly(task);

    assertThat(status(task)).containsEntry("state", "succeeded").containsEntry("attempt", 1);
    assertThat(
            outside.meters.counter("trunkline.attempts", labels()).count()
                + other.meters.counter("trunkline.attempts", labels()).count())
        .isEqualTo(1);
  }

  @Test
  void of_complete_and_release_at_once_one_wins() throws Exception {
    for (int i = 0; i < 20; i++) {
      UUID task = tasks.one();
      String token = outside.lease(task);
      HeldLeases other = new Outside(DATABASE).held;

      List<Boolean> won =
          Crowd.run(
              List.of(
                  () -> succeeds(() -> held.complete(token, "1")),
                  () -> succeeds(() -> other.release(token))));

      assertThat(won).containsExactlyInAnyOrder(true, false);
      assertThat(status(task).get("state")).isEqualTo(won.getFirst() ? "succeeded" : "queued");
      DATABASE.update("delete from trunkline.ready");
    }
  }

  @Test
  void of_heartbeats_at_once_all_are_answered() throws Exception {
    UUID task = tasks.one();
    String token = outside.lease(task);
    HeldLeases other = new Outside(DATABASE).held;
    Callable<Extended> here = () -> held.heartbeat(token, report(50), Optional.empty());
    Callable<Extended> there = () -> other.heartbeat(token, report(50), Optional.empty());
    List<Callable<Extended>> crowd = new ArrayList<>(Collections.nCopies(4, here));
    crowd.addAll(Collections.nCopies(4, there));

    assertThat(Crowd.run(crowd)).hasSize(8);
  }

  @Test
  void what_is_given_back_or_fails_wakes_whoever_may_run_it() throws Exception {
    UUID task = tasks.one();
    held.complete(outside.lease(task), "1");
    assertThat(outside.ready.isQuiet()).isTrue();

    held.release(outside.lease(tasks.one()));
    held.fail(outside.lease(tasks.one()), "no", true, Optional.empty());

    assertThat(outside.ready.await(2)).isTrue();
    DATABASE.update("delete from trunkline.ready");
  }

  @Test
  void what_is_refused_is_counted() {
    UUID task = tasks.one();
    String token = outside.lease(task);
    outside.expire(task);
    for (Said said : List.of(Said.HEARTBEAT, Said.COMPLETE, Said.FAIL)) {
      assertThatThrownBy(() -> said.words.accept(held, token)).satisfies(lost(task));
    }

    assertThat(outside.meters.counter("trunkline.writes.refused", "write", "heartbeat").count())
        .isEqualTo(1);
    assertThat(outside.meters.counter("trunkline.writes.refused", "write", "finish").count())
        .isEqualTo(2);
  }

  private static boolean succeeds(Callable<UUID> said) throws Exception {
    try {
      said.call();
      return true;
    } catch (RefusedException e) {
      return false;
    }
  }

  private static String[] labels() {
    return new String[] {"outcome", "succeeded", "type", "test", "queue", "default"};
  }

  private static Optional<ProgressReport> report(int percent) {
    return Optional.of(ProgressReport.of(percent, "on the way"));
  }

  private static ThrowingConsumer<Throwable> lost(UUID task) {
    return thrown -> assertThat(refusal(thrown)).isEqualTo(new Refusal.LeaseLost(task));
  }

  private static ThrowingConsumer<Throwable> unknown() {
    return thrown -> assertThat(refusal(thrown)).isEqualTo(new Refusal.NoSuchLease());
  }

  private static Refusal refusal(Throwable thrown) {
    return ((RefusedException) thrown).refusal();
  }

  private static void wishCancelled(UUID task) {
    DATABASE.update("update trunkline.task set cancel_requested_at = now() where id = ?", task);
  }

  private static long leases(UUID task) {
    return DATABASE.count("select count(*) from trunkline.remote_lease where task_id = ?", task);
  }

  private static Map<String, Object> status(UUID task) {
    return DATABASE.row("select * from trunkline.task_status where id = ?", task);
  }

  /** The task with its lease and its attempts. */
  private static Map<String, Object> everything(UUID task) {
    return DATABASE.row(
        """
        select to_jsonb(t)::text as task,
          (select jsonb_agg(l)::text from trunkline.remote_lease l where l.task_id = t.id) as leases,
          (select jsonb_agg(a)::text from trunkline.attempt a where a.task_id = t.id) as attempts,
          (select jsonb_agg(r)::text from trunkline.ready r where r.task_id = t.id) as ready
        from trunkline.task t
        where t.id = ?
        """,
        task);
  }

  private static Map<String, Object> error(UUID task) {
    return DATABASE.row(
        "select error ->> 'type' as type, error ->> 'message' as message from trunkline.task where"
            + " id = ?",
        task);
  }

  private static Map<String, Object> progress(UUID task) {
    return DATABASE.row(
        """
        select progress ->> 'percent' as percent, progress ->> 'message' as message
        from trunkline.task
        where id = ?
        """,
        task);
  }

  private static String outcome(UUID task, int attempt) {
    return DATABASE.value(
        String.class,
        "select outcome from trunkline.attempt where task_id = ? and number = ?",
        task,
        attempt);
  }

  private static Duration untilDue(UUID task) {
    return Duration.ofMillis(
        DATABASE.count(
            """
            select greatest(0, extract(epoch from r.due - a.finished_at) * 1000)::bigint
            from trunkline.ready r
            join trunkline.attempt a on a.task_id = r.task_id
            where r.task_id = ?
            """,
            task));
  }

  private static Instant expiry(UUID task) {
    return lease(task, "expires_at");
  }

  private static Instant heard(UUID task) {
    return lease(task, "heartbeat_at");
  }

  private static Instant lease(UUID task, String column) {
    return DATABASE
        .value(
            Timestamp.class,
            "select " + column + " from trunkline.remote_lease where task_id = ?",
            task)
        .toInstant();
  }

  private LeasedTask leasedTask(UUID id) {
    Task task = new Task();
    task.id = id;
    return new LeasedTask(outside.tokens.seal(new AttemptToken(id, 1)), task, Instant.EPOCH);
  }
}
