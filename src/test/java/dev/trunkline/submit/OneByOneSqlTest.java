package dev.trunkline.submit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trunkline.database.StoreException;
import dev.trunkline.database.TestDatabase;
import dev.trunkline.database.Unreachable;
import dev.trunkline.submit.Receipt.Failed;
import dev.trunkline.submit.Receipt.Refused;
import dev.trunkline.submit.Receipt.Stored;
import dev.trunkline.task.Refusal;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

class OneByOneSqlTest {

  private static final TestDatabase DATABASE = TestDatabase.fresh();

  private final OneByOne oneByOne = new OneByOne(new TaskWriter(DATABASE.dataSource()));

  @Test
  void each_submission_has_its_receipt_in_its_place() {
    List<Receipt> receipts = store(plain("1"), refused(), plain("2"), refused(), plain("3"));

    assertThat(payloads(receipts)).containsExactly("1", null, "2", null, "3");
    assertThat(receipts.get(1)).isEqualTo(new Refused(new Refusal.UnknownType("nope", List.of())));
  }

  @Test
  void one_that_postgresql_does_not_take_takes_no_other_with_it() {
    List<Submission> many =
        IntStream.range(0, 100).mapToObj(i -> plain(i == 37 ? "no JSON" : "" + i)).toList();

    List<Receipt> receipts = oneByOne.store(many, OneByOneSqlTest::check);

    assertThat(receipts.get(37)).isInstanceOf(Failed.class);
    assertThat(payloads(receipts))
        .isEqualTo(IntStream.range(0, 100).mapToObj(i -> i == 37 ? null : "" + i).toList());
  }

  @Test
  void a_key_that_has_a_task_is_not_looked_at_again() {
    Stored first = (Stored) store(keyed("once", "{\"a\": 1}")).getFirst();

    assertThat(oneByOne.store(List.of(keyed("once", "{ \"a\":1 }")), _ -> fail()))
        .containsExactly(new Stored(first.id(), true));
  }

  @Test
  void a_key_twice_is_one_task_and_with_something_else_a_refusal() {
    List<Receipt> receipts =
        store(keyed("twin", "1"), plain("0"), keyed("twin", "1"), keyed("twin", "2"));

    UUID id = ((Stored) receipts.getFirst()).id();
    assertThat(receipts.get(2)).isEqualTo(new Stored(id, true));
    assertThat(receipts.get(3)).isEqualTo(new Refused(new Refusal.KeyReused("twin")));
    assertThat(receipts.getFirst()).isEqualTo(new Stored(id, false));
    assertThat(DATABASE.count("select count(*) from trunkline.task where idempotency_key = 'twin'"))
        .isEqualTo(1);
  }

  /** It may have been written, so it must not be tried again. */
  @Test
  void while_the_database_is_away_each_fails_and_none_is_tried_again() {
    long before = DATABASE.count("select count(*) from trunkline.task");
    OneByOne away = new OneByOne(new TaskWriter(Unreachable.times(1, DATABASE.dataSource())));

    assertThat(away.store(List.of(plain("1"), refused(), plain("2")), OneByOneSqlTest::check))
        .hasExactlyElementsOfTypes(Failed.class, Refused.class, Failed.class);
    assertThat(DATABASE.count("select count(*) from trunkline.task")).isEqualTo(before);
  }

  /** So that a client knows where to go on. */
  @Test
  void what_is_stored_when_the_database_goes_away_is_a_beginning() {
    // It goes while the second half of the list is written, after the one at fault was found.
    AtomicInteger asked = new AtomicInteger();
    OneByOne going =
        new OneByOne(
            new TaskWriter(
                Unreachable.after(
                    () -> {
                      if (asked.incrementAndGet() == 5) {
                        throw new StoreException(new SQLException("away", "08006"));
                      }
                    },
                    DATABASE.dataSource())));
    List<Submission> many =
        IntStream.range(0, 16).mapToObj(i -> plain(i == 0 ? "no JSON" : "" + i)).toList();

    List<Receipt> receipts = going.store(many, OneByOneSqlTest::check);

    // 16 fail, 8, 4, 2 of them; then 1, which finds nothing.
    assertThat(receipts).allMatch(receipt -> receipt instanceof Failed);
    assertThat(asked).hasValue(5);
  }

  @Test
  void a_write_that_loses_against_another_is_made_again() {
    for (int times : new int[] {2, 3}) {
      AtomicInteger left = new AtomicInteger(times);
      DataSource losing =
          Unreachable.after(
              () -> {
                if (left.getAndDecrement() > 0) {
                  throw new StoreException(new SQLException("deadlock detected", "40P01"));
                }
              },
              DATABASE.dataSource());

      assertThat(
              new OneByOne(new TaskWriter(losing))
                  .store(List.of(plain("1"), plain("2")), OneByOneSqlTest::check))
          .allMatch(receipt -> times == 2 == receipt instanceof Stored);
    }
  }

  @Test
  void a_check_that_breaks_is_the_fault_of_its_submission_alone() {
    List<Receipt> receipts =
        oneByOne.store(
            List.of(plain("1"), plain("2")),
            submission -> submission.payload().equals("1") ? fail() : check(submission));

    assertThat(receipts).hasExactlyElementsOfTypes(Failed.class, Stored.class);
  }

  /** The check looks for types that others have announced. */
  @Test
  void after_a_check_that_finds_the_database_away_nothing_is_stored() {
    long before = DATABASE.count("select count(*) from trunkline.task");

    List<Receipt> receipts =
        oneByOne.store(
            List.of(plain("1"), plain("2"), plain("3")),
            submission -> submission.payload().equals("2") ? away() : check(submission));

    assertThat(receipts).allMatch(receipt -> receipt instanceof Failed);
    assertThat(DATABASE.count("select count(*) from trunkline.task")).isEqualTo(before);
  }

  @Test
  void nothing_has_no_receipts() {
    assertThat(store()).isEmpty();
  }

  private List<Receipt> store(Submission... submissions) {
    return oneByOne.store(List.of(submissions), OneByOneSqlTest::check);
  }

  private static NewTask check(Submission submission) {
    if (submission.type().equals("nope")) {
      throw new Refusal.UnknownType("nope", List.of()).exception();
    }
    return NewTasks.of(submission);
  }

  private static NewTask fail() {
    throw new IllegalStateException("on purpose");
  }

  private static NewTask away() {
    throw new StoreException(new SQLException("away", "08006"));
  }

  private static Submission plain(String payload) {
    return Submission.of("test", payload);
  }

  private static Submission refused() {
    return Submission.of("nope", "{}");
  }

  private static Submission keyed(String key, String payload) {
    return NewTasks.submission(payload, key);
  }

  /** What is stored in the place of each receipt. */
  private static List<String> payloads(List<Receipt> receipts) {
    return receipts.stream()
        .map(
            receipt ->
                receipt instanceof Stored stored
                    ? DATABASE.value(
                        String.class,
                        "select payload::text from trunkline.task where id = ?",
                        stored.id())
                    : null)
        .toList();
  }
}
