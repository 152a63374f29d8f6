package dev.trunkline.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trunkline.config.TestConfig;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.awaitility.Awaitility;

class UnreadAnswersTest {

  private static final int IN_MEMORY = 64;
  private static final long ON_DISK = 800_000;

  /** A positive step adds so many bytes, a negative one takes. */
  @Property
  void what_is_added_is_taken_in_its_order(
      @ForAll @Size(max = 60) List<@IntRange(min = -40, max = 100) Integer> steps)
      throws IOException {
    UnreadSpace space = space(ON_DISK);
    ByteArrayOutputStream added = new ByteArrayOutputStream();
    ByteArrayOutputStream taken = new ByteArrayOutputStream();
    try (UnreadAnswers answers = new UnreadAnswers(space, IN_MEMORY)) {
      for (int step : steps) {
        if (step > 0) {
          byte[] bytes = bytes(step, added.size());
          answers.add(bytes);
          added.writeBytes(bytes);
        } else if (taken.size() < added.size()) {
          taken.writeBytes(answers.take());
        }
      }
      answers.end();
      for (byte[] some = answers.take(); some != null; some = answers.take()) {
        taken.writeBytes(some);
      }
    }
    assertThat(taken.toByteArray()).isEqualTo(added.toByteArray());
    assertThat(space.take(ON_DISK)).as("all of the disk is free again").isTrue();
  }

  @Example
  void much_more_than_the_memory_holds_may_be_added_before_any_is_taken() throws IOException {
    try (UnreadAnswers answers = new UnreadAnswers(space(ON_DISK), IN_MEMORY)) {
      IntStream.range(0, 1_000).forEach(i -> answers.add(bytes(50, i)));
      answers.end();

      long taken = 0;
      for (byte[] some = answers.take(); some != null; some = answers.take()) {
        assertThat(some.length).isLessThanOrEqualTo(IN_MEMORY);
        taken += some.length;
      }
      assertThat(taken).isEqualTo(50_000);
    }
  }

  /** Without a place on the disk, the one who adds waits for the one who takes. */
  @Example
  void without_room_there_is_nothing_added_until_some_is_taken() throws IOException {
    try (UnreadAnswers answers = new UnreadAnswers(space(0), IN_MEMORY)) {
      answers.add(bytes(60, 0));
      Thread adding = Thread.startVirtualThread(() -> answers.add(bytes(60, 1)));
      awaitWaiting(adding);
      assertThat(answers.take()).isEqualTo(bytes(60, 0));
      assertThat(answers.take()).isEqualTo(bytes(60, 1));
    }
  }

  @Example
  void whoever_waits_to_add_is_let_go_when_nobody_takes_any_more() {
    UnreadAnswers answers = new UnreadAnswers(space(0), IN_MEMORY);
    answers.add(bytes(60, 0));
    CompletableFuture<Boolean> added = new CompletableFuture<>();
    awaitWaiting(Thread.startVirtualThread(() -> added.complete(answers.add(bytes(60, 1)))));
    answers.close();
    assertThat(added.join()).isFalse();
  }

  @Example
  void what_lies_on_the_disk_of_one_stream_is_no_room_for_another() throws IOException {
    UnreadSpace space = space(800);
    try (UnreadAnswers first = new UnreadAnswers(space, IN_MEMORY)) {
      first.add(bytes(60, 0));
      first.add(bytes(60, 1));
      assertThat(space.take(741)).isFalse();
      first.take();
      assertThat(space.take(800)).isTrue();
    }
  }

  /** So that one client that never reads leaves room to others. */
  @Example
  void one_stream_takes_an_eighth_of_the_disk_at_most() throws IOException {
    UnreadSpace space = space(1_000);
    try (UnreadAnswers answers = new UnreadAnswers(space, IN_MEMORY)) {
      // 64 are kept in memory, 125 on disk.
      IntStream.range(0, 3).forEach(i -> answers.add(bytes(60, i)));
      Thread adding = Thread.startVirtualThread(() -> answers.add(bytes(60, 3)));
      awaitWaiting(adding);

      assertThat(space.take(880)).isTrue();
      for (int i = 0; i < 2; i++) {
        answers.take();
      }
      assertThat(answers.take()).isEqualTo(bytes(60, 2));
      assertThat(answers.take()).isEqualTo(bytes(60, 3));
    }
  }

  private static void awaitWaiting(Thread thread) {
    Awaitility.await().until(() -> thread.getState() == Thread.State.WAITING);
  }

  private static UnreadSpace space(long bytes) {
    return new UnreadSpace(
        TestConfig.with(Map.of("trunkline.batch.max-unread-bytes", Long.toString(bytes))));
  }

  private static byte[] bytes(int count, int seed) {
    return "abcdefghijklmnopqrstuvwxyz"
        .substring(seed % 26, seed % 26 + 1)
        .repeat(count)
        .getBytes(StandardCharsets.US_ASCII);
  }
}
