package dev.trunkline.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class GroupCommitTest {

  private final List<List<Integer>> batches = Collections.synchronizedList(new ArrayList<>());

  @Test
  void each_of_many_gets_the_answer_to_its_own() throws Exception {
    GroupCommit<Integer, String> group = new GroupCommit<>(50, noting(item -> "answer " + item));
    List<Callable<String>> callers =
        IntStream.range(0, 200).<Callable<String>>mapToObj(i -> () -> group.submit(i)).toList();

    assertThat(Crowd.run(callers))
        .isEqualTo(IntStream.range(0, 200).mapToObj(i -> "answer " + i).toList());
    assertThat(batches.stream().flatMap(List::stream)).hasSize(200).doesNotHaveDuplicates();
  }

  @Test
  void a_lone_caller_is_written_at_once_and_alone() {
    GroupCommit<Integer, Integer> group = new GroupCommit<>(50, noting(item -> item));

    assertThat(group.submit(1)).isEqualTo(1);
    assertThat(group.submit(2)).isEqualTo(2);
    assertThat(batches).containsExactly(List.of(1), List.of(2));
  }

  @Test
  void what_gathers_during_a_write_is_written_together_but_no_more_than_the_bound()
      throws Exception {
    try (Gathering gathering = new Gathering(10, noting(item -> item))) {
      List<Future<Integer>> answers = gathering.submit(25);

      for (int i = 0; i < 25; i++) {
        assertThat(answers.get(i).get(10, TimeUnit.SECONDS)).isEqualTo(i + 1);
      }
      assertThat(batches).extracting(List::size).containsExactly(10, 10, 5);
    }
  }

  @Test
  void what_is_left_behind_is_written_by_the_thread_that_is_named() throws Exception {
    Set<Thread> writers = ConcurrentHashMap.newKeySet();
    GroupCommit<Integer, Integer> group =
        new GroupCommit<>(
            50,
            items -> {
              writers.add(Thread.currentThread());
              return items;
            });
    try (ExecutorService one = Executors.newSingleThreadExecutor()) {
      Thread writer = one.submit(Thread::currentThread).get();
      List<CompletableFuture<Integer>> answers =
          IntStream.range(0, 500).mapToObj(i -> group.enqueue(i, one)).toList();

      for (int i = 0; i < 500; i++) {
        assertThat(answers.get(i).get(10, TimeUnit.SECONDS)).isEqualTo(i);
      }
      assertThat(writers).containsExactly(writer);
    }
  }

  @Test
  void who_waits_and_who_does_not_are_written_together() throws Exception {
    try (Gathering gathering = new Gathering(100, noting(refusing("22P05", 3)));
        ExecutorService one = Executors.newSingleThreadExecutor()) {
      List<Future<Integer>> waiting = gathering.begin();
      CompletableFuture<Integer> absent = gathering.group.enqueue(3, one);
      waiting.addAll(gathering.bring(2));

      assertThat(waiting.get(0).get(10, TimeUnit.SECONDS)).isEqualTo(1);
      assertThat(waiting.get(1).get(10, TimeUnit.SECONDS)).isEqualTo(2);
      assertThatThrownBy(() -> absent.get(10, TimeUnit.SECONDS))
          .hasCauseInstanceOf(StoreException.class);
      assertThat(batches.getFirst()).containsExactlyInAnyOrder(1, 2, 3);
    }
  }

  @Test
  void an_interrupt_reaches_no_write_and_is_there_afterwards() {
    List<Boolean> seen = new ArrayList<>();
    GroupCommit<Integer, Integer> group =
        new GroupCommit<>(
            50,
            items -> {
              seen.add(Thread.currentThread().isInterrupted());
              return items;
            });
    Thread.currentThread().interrupt();

    assertThat(group.submit(1)).isEqualTo(1);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(seen).containsExactly(false);
  }

  @Test
  void a_batch_ends_where_it_becomes_heavy_but_holds_one_item_at_least() {
    int half = GroupCommit.HEAVIEST / 2;
    GroupCommit<Integer, Integer> group =
        new GroupCommit<>(50, item -> item == 5 ? 3 * half : half, noting(item -> item));

    group.submitAll(List.of(1, 2, 3, 4, 5, 6, 7)).forEach(Supplier::get);

    assertThat(batches).containsExactly(List.of(1, 2), List.of(3, 4), List.of(5), List.of(6, 7));
  }

  @Test
  void a_write_that_cannot_take_all_leaves_some() {
    List<Boolean> leavesSome = new ArrayList<>();
    List<GroupCommit<Integer, Integer>> own = new ArrayList<>();
    own.add(
        new GroupCommit<>(
            2,
            items -> {
              leavesSome.add(own.getFirst().leavesSome());
              return items;
            }));

    own.getFirst().submitAll(List.of(1, 2, 3, 4, 5)).forEach(Supplier::get);

    assertThat(leavesSome).containsExactly(true, true, false);
  }

  @Test
  void several_of_one_caller_are_written_together_and_each_has_its_answer() {
    GroupCommit<Integer, Integer> group = new GroupCommit<>(4, noting(refusing("22P05", 2)));

    List<Supplier<Integer>> answers = group.submitAll(List.of(1, 2, 3, 4, 5));

    assertThat(batches.getFirst()).containsExactly(1, 2, 3, 4);
    assertThat(batches.getLast()).containsExactly(5);
    assertThatThrownBy(answers.get(1)::get).isInstanceOf(StoreException.class);
    for (int item : List.of(1, 3, 4, 5)) {
      assertThat(answers.get(item - 1).get()).isEqualTo(item);
    }
    assertThat(group.submitAll(List.of())).isEmpty();
  }

  @Test
  void only_the_caller_of_a_bad_item_sees_its_error() throws Exception {
    try (Gathering gathering = new Gathering(100, noting(refusing("22P05", 7)))) {
      List<Future<Integer>> answers = gathering.submit(20);

      for (int item = 1; item <= 20; item++) {
        Future<Integer> answer = answers.get(item - 1);
        if (item == 7) {
          assertThatThrownBy(() -> answer.get(10, TimeUnit.SECONDS))
              .cause()
              .isInstanceOf(StoreException.class);
        } else {
          assertThat(answer.get(10, TimeUnit.SECONDS)).isEqualTo(item);
        }
      }
      assertThat(batches.getFirst()).hasSize(20);
      assertThat(batches).contains(List.of(7));
    }
  }

  @Test
  void a_conflict_is_narrowed_down_as_well() throws Exception {
    try (Gathering gathering = new Gathering(100, noting(refusing("40P01", 3)))) {
      List<Future<Integer>> answers = gathering.submit(4);

      assertThat(answers.getFirst().get(10, TimeUnit.SECONDS)).isEqualTo(1);
      assertThat(answers.getLast().get(10, TimeUnit.SECONDS)).isEqualTo(4);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 8})
  void an_item_behind_a_lock_holds_up_itself_alone(int locked) throws Exception {
    try (Gathering gathering = new Gathering(100, noting(refusing("55P03", locked)))) {
      List<Future<Integer>> answers = gathering.submit(8);

      for (int item : IntStream.rangeClosed(1, 8).filter(i -> i != locked).toArray()) {
        assertThat(answers.get(item - 1).get(10, TimeUnit.SECONDS)).isEqualTo(item);
      }
      assertThatThrownBy(() -> answers.get(locked - 1).get(10, TimeUnit.SECONDS))
          .cause()
          .isInstanceOf(StoreException.class);
    }
  }

  @Test
  void a_table_that_somebody_has_locked_is_not_waited_for_once_for_each_item() throws Exception {
    Function<Integer, Integer> locked =
        item -> {
          throw new StoreException(new SQLException("", "55P03"));
        };
    try (Gathering gathering = new Gathering(100, noting(locked))) {
      List<Future<Integer>> answers = gathering.submit(60);

      assertThat(answers)
          .allSatisfy(
              answer ->
                  assertThatThrownBy(() -> answer.get(10, TimeUnit.SECONDS))
                      .cause()
                      .isInstanceOf(StoreException.class));
      assertThat(batches).extracting(List::size).containsExactly(60, 1, 1);
    }
  }

  @Test
  void without_a_database_the_whole_batch_fails_after_one_attempt() throws Exception {
    try (Gathering gathering = new Gathering(100, noting(refusing("08006", 7)))) {
      List<Future<Integer>> answers = gathering.submit(20);

      assertThat(answers)
          .allSatisfy(
              answer ->
                  assertThatThrownBy(() -> answer.get(10, TimeUnit.SECONDS))
                      .cause()
                      .isInstanceOf(StoreException.class));
      assertThat(batches).hasSize(1);
    }
  }

  @Test
  void a_failed_write_does_not_harm_the_next() {
    GroupCommit<Integer, Integer> group = new GroupCommit<>(10, noting(refusing("08006", 1)));

    assertThatThrownBy(() -> group.submit(1)).isInstanceOf(StoreException.class);
    assertThat(group.submit(2)).isEqualTo(2);
  }

  @Test
  void an_error_of_the_write_reaches_the_caller() {
    GroupCommit<Integer, Integer> group =
        new GroupCommit<>(
            10,
            items -> {
              throw new StackOverflowError();
            });

    assertThatThrownBy(() -> group.submit(1))
        .isInstanceOf(CompletionException.class)
        .hasCauseInstanceOf(StackOverflowError.class);
  }

  private <O> Function<List<Integer>, List<O>> noting(Function<Integer, O> answer) {
    return items -> {
      batches.add(List.copyOf(items));
      return items.stream().map(answer).toList();
    };
  }

  private static Function<Integer, Integer> refusing(String state, int bad) {
    return item -> {
      if (item == bad) {
        throw new StoreException(new SQLException("", state));
      }
      return item;
    };
  }

  /** Holds the first write up until everybody else has brought an item. */
  private static final class Gathering implements AutoCloseable {
    private static final int FIRST = 0;

    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch gathered = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final GroupCommit<Integer, Integer> group;

    Gathering(int atMost, Function<List<Integer>, List<Integer>> write) {
      this.group =
          new GroupCommit<>(
              atMost, items -> items.contains(FIRST) ? holdUp(items) : write.apply(items));
    }

    /** The answers to the items from 1 on, which wait while 0 is written. */
    List<Future<Integer>> submit(int count) throws InterruptedException {
      List<Future<Integer>> answers = begin();
      answers.addAll(bring(count));
      return answers;
    }

    List<Future<Integer>> begin() throws InterruptedException {
      var _ = threads.submit(() -> group.submit(FIRST));
      begun.await();
      return new ArrayList<>();
    }

    List<Future<Integer>> bring(int count) {
      List<Future<Integer>> answers = new ArrayList<>();
      int before = group.waiting();
      for (int i = 1; i <= count; i++) {
        int item = i;
        answers.add(threads.submit(() -> group.submit(item)));
        while (group.waiting() < before + i) {
          Thread.onSpinWait();
        }
      }
      gathered.countDown();
      return answers;
    }

    private List<Integer> holdUp(List<Integer> items) {
      begun.countDown();
      try {
        gathered.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      return items;
    }

    @Override
    public void close() {
      threads.shutdownNow();
    }
  }
}
