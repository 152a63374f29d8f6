package dev.trunkline.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class GroupWriterTest {

  private static final int MANY = 100_000;

  private final Set<String> threads = ConcurrentHashMap.newKeySet();
  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch released = new CountDownLatch(1);

  @Test
  void who_waits_writes_for_nobody() throws Exception {
    try (GroupWriter<Integer, Integer> writer = writer(this::note);
        ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Integer>> answers =
          IntStream.range(0, 500).mapToObj(i -> callers.submit(() -> writer.submit(i))).toList();

      for (int i = 0; i < answers.size(); i++) {
        assertThat(answers.get(i).get()).isEqualTo(i);
      }
    }
    assertThat(threads).containsExactly("the writer");
  }

  @Test
  void who_waits_is_told_what_the_write_threw() {
    try (GroupWriter<Integer, Integer> writer =
        writer(
            items -> {
              throw new IllegalStateException("on purpose");
            })) {
      assertThatThrownBy(() -> writer.submit(1))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("on purpose");
    }
  }

  @Test
  void when_it_is_closed_the_write_under_way_ends_and_all_that_is_left_is_refused()
      throws Exception {
    GroupWriter<Integer, Integer> writer = writer(this::holdUp);
    CompletableFuture<Integer> first = writer.enqueue(0);
    begun.await();
    List<CompletableFuture<Integer>> left =
        IntStream.range(0, MANY).mapToObj(writer::enqueue).toList();

    writer.close();
    released.countDown();

    assertThat(first.get(10, TimeUnit.SECONDS)).isZero();
    for (CompletableFuture<Integer> one : left) {
      assertThatThrownBy(() -> one.get(10, TimeUnit.SECONDS))
          .hasCauseInstanceOf(WriterClosedException.class);
    }
    assertThatThrownBy(() -> writer.submit(1)).isInstanceOf(WriterClosedException.class);
  }

  private static GroupWriter<Integer, Integer> writer(
      Function<List<Integer>, List<Integer>> write) {
    return new GroupWriter<>("the writer", 10, _ -> 0, write);
  }

  private List<Integer> note(List<Integer> items) {
    threads.add(Thread.currentThread().getName());
    return items;
  }

  private List<Integer> holdUp(List<Integer> items) {
    begun.countDown();
    try {
      released.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return items;
  }
}
