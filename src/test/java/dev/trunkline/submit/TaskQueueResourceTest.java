package dev.trunkline.submit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.trunkline.inspect.TaskReader;
import dev.trunkline.task.Refusal;
import dev.trunkline.task.RefusedException;
import dev.trunkline.task.TaskState;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

@QuarkusTest
class TaskQueueResourceTest {

  @Inject TaskQueue queue;
  @Inject TaskReader tasks;
  @Inject Woken woken;

  @Test
  void aTaskOfATransactionThatIsRolledBackNeverWas() {
    UUID[] id = new UUID[1];
    assertThatThrownBy(
            () ->
                QuarkusTransaction.requiringNew()
                    .run(
                        () -> {
                          id[0] = submit("noop");
                          throw new IllegalStateException("on purpose");
                        }))
        .hasMessageContaining("on purpose");

    assertThatThrownBy(() -> tasks.task(id[0].toString())).isInstanceOf(RefusedException.class);
  }

  @Test
  void aTaskOfATransactionThatCommitsRunsAfterItAndNotBefore() {
    Instant[] committing = new Instant[1];
    UUID id =
        QuarkusTransaction.requiringNew()
            .call(
                () -> {
                  UUID submitted = submit("noop");
                  // Others see nothing of it yet, and so no worker can.
                  assertThat(seenElsewhere(submitted)).isFalse();
                  committing[0] = tasks.task(submitted.toString()).createdAt;
                  return submitted;
                });

    Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> tasks.task(id.toString()).state == TaskState.SUCCEEDED);
    assertThat(tasks.task(id.toString()).startedAt).isAfter(committing[0]);
  }

  @Test
  void whatIsEnqueuedIsThereWhenThatIsSaid() {
    Submission any = Submission.of("noop", "1");

    assertThat(queue.mayEnqueue(any)).isTrue();
    assertThat(isThere(queue.enqueue(any).toCompletableFuture().join().task().id)).isTrue();
  }

  @Test
  void whatHasToBeAskedForIsNotEnqueued() {
    assertThat(queue.mayEnqueue(NewTasks.submissionUnder("a key"))).isFalse();
    assertThat(queue.mayEnqueue(Submission.of("unheard-of", "1"))).isFalse();
    // Its payload has constraints of its own.
    assertThat(queue.mayEnqueue(Submission.of("chess.analyze", "{}"))).isFalse();
  }

  @Test
  void nobodyIsWokenBeforeTheCommitNorByARollback() {
    int before = woken.times();
    QuarkusTransaction.requiringNew()
        .run(
            () -> {
              submit("noop");
              assertThat(woken.times()).isEqualTo(before);
            });
    assertThat(woken.times()).isEqualTo(before + 1);

    assertThatThrownBy(
            () ->
                QuarkusTransaction.requiringNew()
                    .run(
                        () -> {
                          submit("noop");
                          throw new IllegalStateException("on purpose");
                        }))
        .hasMessageContaining("on purpose");
    assertThat(woken.times()).isEqualTo(before + 1);
  }

  @Test
  void manyTasksOfATransactionThatCommitsAreThereAfterItAndNotBefore() {
    List<UUID> ids =
        QuarkusTransaction.requiringNew()
            .call(
                () -> {
                  List<UUID> submitted = submitAll("noop", "noop");
                  assertThat(submitted).noneMatch(this::seenElsewhere);
                  return submitted;
                });

    assertThat(ids).hasSize(2).allMatch(this::isThere);
  }

  @Test
  void manyTasksOfATransactionThatIsRolledBackNeverWere() {
    List<UUID> ids = new ArrayList<>();
    int before = woken.times();
    assertThatThrownBy(
            () ->
                QuarkusTransaction.requiringNew()
                    .run(
                        () -> {
                          ids.addAll(submitAll("noop", "noop"));
                          throw new IllegalStateException("on purpose");
                        }))
        .hasMessageContaining("on purpose");

    assertThat(ids).hasSize(2).noneMatch(this::isThere);
    assertThat(woken.times()).isEqualTo(before);
  }

  @Test
  void manyTasksAreAllStoredOrNoneAndTheRefusedOnesNamedByTheirPlaces() {
    Submission keyed = NewTasks.submission("1", "all-or-none");
    assertThatThrownBy(() -> queue.submitAll(List.of(noop(keyed), submission("nope"))))
        .isInstanceOfSatisfying(
            RefusedException.class,
            refused ->
                assertThat(((Refusal.Several) refused.refusal()).byPlace()).containsOnlyKeys(1));

    assertThat(queue.submitAll(List.of(noop(keyed), submission("noop"))))
        .extracting(Submitted::replayed)
        .containsExactly(false, false);
    assertThat(queue.submitAll(List.of(submission("noop"), noop(keyed))))
        .extracting(Submitted::replayed)
        .containsExactly(false, true);
    assertThat(queue.submitAll(List.of())).isEmpty();
  }

  /** Each by itself, even where the caller's transaction comes to nothing. */
  @Test
  void manyTasksThatDoNotDependOnEachOtherJoinNoTransaction() {
    List<Receipt> receipts = new ArrayList<>();
    assertThatThrownBy(
            () ->
                QuarkusTransaction.requiringNew()
                    .run(
                        () -> {
                          receipts.addAll(
                              queue.submitEach(List.of(submission("noop"), submission("nope"))));
                          throw new IllegalStateException("on purpose");
                        }))
        .hasMessageContaining("on purpose");

    assertThat(receipts).hasExactlyElementsOfTypes(Receipt.Stored.class, Receipt.Refused.class);
    assertThat(isThere(((Receipt.Stored) receipts.getFirst()).id())).isTrue();
  }

  private List<UUID> submitAll(String... types) {
    return queue
        .submitAll(Arrays.stream(types).map(TaskQueueResourceTest::submission).toList())
        .stream()
        .map(submitted -> submitted.task().id)
        .toList();
  }

  private static Submission submission(String type) {
    return Submission.of(type, "{}");
  }

  private static Submission noop(Submission like) {
    return new Submission(
        "noop",
        like.payload(),
        like.queue(),
        like.priority(),
        like.tags(),
        like.delay(),
        like.runAt(),
        like.maxAttempts(),
        like.timeout(),
        like.expiresAt(),
        like.idempotencyKey(),
        null);
  }

  /** On a thread of its own, which has no part in the transaction. */
  private boolean seenElsewhere(UUID id) {
    return CompletableFuture.supplyAsync(() -> isThere(id)).join();
  }

  private boolean isThere(UUID id) {
    try {
      tasks.task(id.toString());
      return true;
    } catch (RefusedException e) {
      return false;
    }
  }

  private UUID submit(String type) {
    return queue.submit(submission(type)).task().id;
  }
}
