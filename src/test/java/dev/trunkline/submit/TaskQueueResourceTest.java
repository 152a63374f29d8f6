package dev.trunkline.submit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.trunkline.inspect.TaskReader;
import dev.trunkline.task.RefusedException;
import dev.trunkline.task.TaskState;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
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
    return queue.submit(Submission.of(type, "{}")).task().id;
  }
}
