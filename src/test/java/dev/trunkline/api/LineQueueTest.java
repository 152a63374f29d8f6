package dev.trunkline.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trunkline.task.Refusal;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class LineQueueTest {

  private static final Refusal ANY = new Refusal.Invalid(List.of());

  private final LineQueue queue = new LineQueue();

  @Test
  void one_line_alone_is_taken_at_once_and_many_together() {
    queue.put(line(1, 10));
    assertThat(queue.take()).containsExactly(line(1, 10));
    queue.put(line(2, 10));
    queue.put(line(3, 10));
    assertThat(queue.take()).containsExactly(line(2, 10), line(3, 10));
  }

  /** By number or by bytes. */
  @ParameterizedTest
  @CsvSource({"500, 10", "2, 1048576"})
  void whoever_puts_waits_for_room(int fits, int bytes) {
    for (int i = 1; i <= fits; i++) {
      queue.put(line(i, bytes));
    }
    CompletableFuture<Boolean> put = putting(line(fits + 1, bytes));

    assertThat(queue.take()).hasSize(fits);
    assertThat(put.join()).isTrue();
    assertThat(queue.take()).containsExactly(line(fits + 1, bytes));
  }

  @Test
  void a_line_that_is_larger_than_the_room_for_all_passes_alone() {
    assertThat(queue.put(line(1, LineQueue.BYTES + 1))).isTrue();
  }

  @Test
  void after_the_last_line_there_is_nothing_to_take() {
    queue.put(line(1, 10));
    queue.end();
    assertThat(queue.take()).hasSize(1);
    assertThat(queue.take()).isEmpty();
  }

  @Test
  void once_nobody_takes_any_more_everybody_is_let_go() {
    queue.put(line(1, LineQueue.BYTES));
    CompletableFuture<Boolean> put = putting(line(2, 10));
    queue.close();

    assertThat(put.join()).isFalse();
    assertThat(queue.put(line(3, 10))).isFalse();
    assertThat(queue.take()).isEmpty();
  }

  /** Is waiting when this returns. */
  private CompletableFuture<Boolean> putting(ReadLine line) {
    CompletableFuture<Boolean> put = new CompletableFuture<>();
    Thread thread = Thread.startVirtualThread(() -> put.complete(queue.put(line)));
    Awaitility.await().until(() -> thread.getState() == Thread.State.WAITING);
    return put;
  }

  private static ReadLine line(int number, int bytes) {
    return new ReadLine(number, bytes, null, ANY);
  }
}
