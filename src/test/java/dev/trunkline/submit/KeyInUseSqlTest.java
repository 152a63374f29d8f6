package dev.trunkline.submit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.trunkline.database.TestDatabase;
import dev.trunkline.submit.Receipt.Failed;
import dev.trunkline.submit.Receipt.Refused;
import dev.trunkline.submit.Receipt.Stored;
import dev.trunkline.task.Refusal;
import dev.trunkline.task.RefusedException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Submissions under keys that transactions hold which have not ended. */
class KeyInUseSqlTest {

  private final TestDatabase database = TestDatabase.fresh();
  private final TaskWriter writer = new TaskWriter(database.dataSource());
  private Connection other;

  @BeforeEach
  void beginAnotherTransaction() throws SQLException {
    database.update("insert into trunkline.task_type values ('test', 'q', 5, 3, '90 s', now())");
    other = database.connect();
    other.setAutoCommit(false);
  }

  @AfterEach
  void endIt() throws SQLException {
    other.close();
  }

  @Test
  void those_without_a_key_do_not_wait_for_those_with_one() throws Exception {
    hold("k");
    SharedWrites shared = new SharedWrites(writer, ClaimingWriters.neverClaiming(writer));
    CompletableFuture<Written> keyed =
        CompletableFuture.supplyAsync(
            () -> shared.store(NewTasks.keyed("k")), Thread::startVirtualThread);
    awaitSomebodyBehindALock();

    CompletableFuture<Written> plain =
        CompletableFuture.supplyAsync(
            () -> shared.store(NewTasks.plain()), Thread::startVirtualThread);

    // Far less than a lock is waited for here, and far more than a write takes.
    assertThat(plain)
        .succeedsWithin(Duration.ofSeconds(15))
        .matches(stored -> stored.task().isPresent());
    assertThat(keyed).isNotDone();
    other.rollback();
    assertThat(keyed.get(30, TimeUnit.SECONDS).task()).isPresent();
  }

  @Test
  void a_key_that_a_transaction_holds_for_too_long_is_refused_and_stays_free() throws Exception {
    hold("k");
    database.limitLockWaits(Duration.ofMillis(50));
    SharedWrites shared = new SharedWrites(writer, ClaimingWriters.neverClaiming(writer));

    assertThatThrownBy(() -> shared.store(NewTasks.keyed("k")))
        .isInstanceOfSatisfying(
            RefusedException.class,
            e -> assertThat(e.refusal()).isEqualTo(new Refusal.KeyInUse("k")));
    other.rollback();
    assertThat(shared.store(NewTasks.keyed("k")).task()).isPresent();
  }

  @Test
  void of_a_list_only_those_whose_keys_are_held_are_refused() throws Exception {
    hold("k");
    hold("l");
    database.limitLockWaits(Duration.ofMillis(50));
    List<Submission> many = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      many.add(i % 2 == 0 ? Submission.of("test", "1") : NewTasks.submissionUnder("key " + i));
    }
    many.set(7, NewTasks.submissionUnder("k"));
    many.set(19, NewTasks.submissionUnder("l"));

    List<Receipt> receipts = new OneByOne(writer).store(many, NewTasks::of);

    assertThat(receipts.get(7)).isEqualTo(new Refused(new Refusal.KeyInUse("k")));
    assertThat(receipts.get(19)).isEqualTo(new Refused(new Refusal.KeyInUse("l")));
    assertThat(IntStream.range(0, 20).filter(i -> receipts.get(i) instanceof Stored)).hasSize(18);
    assertThat(database.count("select count(*) from trunkline.task")).isEqualTo(18);
  }

  /** Otherwise each of them would wait, and what is stored would be no beginning of the list. */
  @Test
  void while_the_whole_table_is_held_nothing_is_stored_and_nothing_tried_for_long()
      throws Exception {
    try (Statement lock = other.createStatement()) {
      lock.execute("lock table trunkline.task in share mode");
    }
    database.limitLockWaits(Duration.ofMillis(50));
    List<Submission> many =
        IntStream.range(0, 100).mapToObj(i -> NewTasks.submissionUnder("key " + i)).toList();

    List<Receipt> receipts = new OneByOne(writer).store(many, NewTasks::of);

    assertThat(receipts.subList(0, 20)).allMatch(receipt -> receipt instanceof Refused);
    assertThat(receipts.subList(20, 100)).allMatch(receipt -> receipt instanceof Failed);
    assertThat(new OneByOne(writer).store(List.of(Submission.of("test", "1")), NewTasks::of))
        .allMatch(receipt -> receipt instanceof Failed);
  }

  private void hold(String key) throws SQLException {
    try (Statement submit = other.createStatement()) {
      submit.execute(
          "select trunkline.submit(type => 'test', payload => '2', idempotency_key => '%s')"
              .formatted(key));
    }
  }

  private void awaitSomebodyBehindALock() {
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .until(
            () ->
                database.count(
                        """
                        select count(*) from pg_stat_activity
                        where datname = current_database() and wait_event_type = 'Lock'
                        """)
                    > 0);
  }
}
