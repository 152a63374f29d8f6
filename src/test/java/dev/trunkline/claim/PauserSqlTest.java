package dev.trunkline.claim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.trunkline.database.OneConnection;
import dev.trunkline.database.SqlFault;
import dev.trunkline.database.StoreException;
import dev.trunkline.database.Tasks;
import dev.trunkline.database.TestDatabase;
import dev.trunkline.task.Refusal;
import dev.trunkline.task.RefusedException;
import java.sql.Connection;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PauserSqlTest {

  private static final TestDatabase DATABASE = TestDatabase.fresh();

  private final ExecutorService threads = Executors.newFixedThreadPool(2);
  private final UUID worker = Tasks.worker(DATABASE, "w1");
  private final Claims claims = Claims.by(worker);

  @AfterEach
  void empty() {
    threads.shutdownNow();
    DATABASE.update("truncate trunkline.task, trunkline.ready, trunkline.remote_lease cascade");
    DATABASE.update("update trunkline.queue set paused_at = null");
  }

  @Test
  void of_a_paused_queue_nothing_is_claimed_and_of_others_everything() {
    Tasks.in(DATABASE).queue("paused").one();
    UUID other = Tasks.in(DATABASE).queue("other").one();

    pause("paused");

    assertThat(claims.idsOn(DATABASE)).containsExactly(other);
  }

  @Test
  void a_queue_that_goes_on_is_claimed_from() {
    UUID task = Tasks.in(DATABASE).queue("paused").one();
    pause("paused");
    assertThat(claims.idsOn(DATABASE)).isEmpty();

    resume("paused");

    assertThat(claims.idsOn(DATABASE)).containsExactly(task);
  }

  @Test
  void a_pause_returns_only_when_the_claims_under_way_have_ended() throws Exception {
    UUID task = Tasks.in(DATABASE).one();
    try (Connection claiming = DATABASE.connect()) {
      claiming.setAutoCommit(false);
      assertThat(ids(new Claimer(new OneConnection(claiming)).claim(claims.request())))
          .containsExactly(task);
      Future<?> pausing = threads.submit(() -> pause("default"));
      Awaitility.await().until(PauserSqlTest::somebodyWaitsForALock);
      assertThat(pausing.isDone()).isFalse();

      claiming.commit();
      pausing.get();
    }
    Tasks.in(DATABASE).one();
    assertThat(claims.idsOn(DATABASE)).isEmpty();
  }

  /** The claim's own snapshot is older than the pause, and shows the queue as it was before. */
  @Test
  void a_claim_that_began_before_a_pause_was_committed_sees_it() throws Exception {
    Tasks.in(DATABASE).one();
    try (Connection pausing = DATABASE.connect()) {
      pausing.setAutoCommit(false);
      new Pauser(new OneConnection(pausing)).pause("default");
      Future<List<UUID>> claiming = threads.submit(() -> claims.idsOn(DATABASE));
      Awaitility.await().until(PauserSqlTest::somebodyWaitsForALock);

      pausing.commit();

      assertThat(claiming.get()).isEmpty();
    }
  }

  @Test
  void a_claim_that_hangs_makes_a_pause_fail_and_leaves_the_queue_as_it_was() throws Exception {
    Tasks.in(DATABASE).one();
    try (Connection claiming = DATABASE.connect()) {
      claiming.setAutoCommit(false);
      new Claimer(new OneConnection(claiming)).claim(claims.request());

      assertThatThrownBy(() -> pause("default"))
          .isInstanceOfSatisfying(
              StoreException.class,
              thrown -> assertThat(SqlFault.behind(thrown)).contains(SqlFault.CONFLICT));
      claiming.rollback();
    }
    assertThat(claims.idsOn(DATABASE)).hasSize(1);
  }

  @Test
  void claims_do_not_wait_for_each_other() throws Exception {
    Tasks.in(DATABASE).queue("one").one();
    UUID other = Tasks.in(DATABASE).queue("other").one();
    try (Connection claiming = DATABASE.connect()) {
      claiming.setAutoCommit(false);
      new Claimer(new OneConnection(claiming)).claim(claims.only("one").request());

      assertThat(claims.idsOn(DATABASE)).containsExactly(other);
      claiming.rollback();
    }
  }

  @Test
  void a_pause_of_a_paused_queue_keeps_the_time() {
    Tasks.in(DATABASE).one();
    pause("default");
    Object since = pausedAt();

    pause("default");

    assertThat(since).isNotNull();
    assertThat(pausedAt()).isEqualTo(since);
    resume("default");
    resume("default");
    assertThat(pausedAt()).isNull();
  }

  @Test
  void a_queue_that_is_not_there_is_said_not_to_be_there() {
    assertThatThrownBy(() -> resume("nowhere"))
        .isInstanceOfSatisfying(
            RefusedException.class,
            refused -> assertThat(refused.refusal()).isEqualTo(new Refusal.NoSuchQueue("nowhere")));
  }

  @Test
  void a_queue_that_nobody_has_used_yet_can_be_paused() {
    pause("coming");
    Tasks.in(DATABASE).queue("coming").one();

    assertThat(claims.idsOn(DATABASE)).isEmpty();
  }

  @Test
  void a_pause_waits_for_leases_over_http_too() throws Exception {
    UUID task = Tasks.in(DATABASE).one();
    try (Connection leasing = DATABASE.connect()) {
      leasing.setAutoCommit(false);
      RemoteClaim.Answer answer =
          new RemoteClaimer(new OneConnection(leasing))
              .claim(RemoteClaims.ofType("test").request());
      assertThat(answer.rows()).extracting(row -> row.task().id).containsExactly(task);
      Future<?> pausing = threads.submit(() -> pause("default"));
      Awaitility.await().until(PauserSqlTest::somebodyWaitsForALock);
      assertThat(pausing.isDone()).isFalse();

      leasing.commit();
      pausing.get();
    }
    Tasks.in(DATABASE).one();
    assertThat(RemoteClaims.ofType("test").idsOn(DATABASE)).isEmpty();
  }

  private static Object pausedAt() {
    return DATABASE
        .row("select paused_at from trunkline.queue where name = 'default'")
        .get("paused_at");
  }

  private static List<UUID> ids(Claim.Answer answer) {
    return answer.rows().stream().map(row -> row.task().token().taskId()).toList();
  }

  private static void pause(String queue) {
    DATABASE.inTransaction(
        source -> {
          new Pauser(source).pause(queue);
          return true;
        });
  }

  private static void resume(String queue) {
    DATABASE.inTransaction(
        source -> {
          new Pauser(source).resume(queue);
          return true;
        });
  }

  private static boolean somebodyWaitsForALock() {
    return DATABASE.count(
            "select count(*) from pg_stat_activity"
                + " where datname = current_database() and wait_event_type = 'Lock'")
        > 0;
  }
}
