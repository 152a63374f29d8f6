package dev.trunkline.submit;

import dev.trunkline.database.GroupCommit;
import dev.trunkline.database.GroupWriter;
import dev.trunkline.database.SqlFault;
import dev.trunkline.task.Refusal;
import dev.trunkline.task.Task;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * The writes that submissions of the same moment share. Those with an idempotency key have writes
 * of their own: a key may be held by somebody's transaction that does not end, and whoever shared a
 * write with it would wait as well. For the same reason those claim nothing. Thread-safe.
 */
final class SharedWrites implements AutoCloseable {

  private static final int BATCH = 500;

  private final TaskWriter writer;
  private final GroupWriter<NewTask, Written> plain;
  private final GroupCommit<NewTask, Optional<Task>> keyed;

  SharedWrites(TaskWriter writer, ClaimingWriter claimingWriter) {
    this.writer = writer;
    this.plain =
        new GroupWriter<>("submissions", BATCH, SharedWrites::weight, claimingWriter::write);
    this.keyed = new GroupCommit<>(BATCH, SharedWrites::weight, writer::writeApart);
  }

  /**
   * Stores a task, and answers when it is committed.
   *
   * @throws dev.trunkline.task.RefusedException where a transaction that has not ended holds the
   *     key
   */
  Written store(NewTask task) {
    Optional<String> key = task.submission().idempotencyKey();
    return key.isEmpty() ? plain.submit(task) : store(task, key.get());
  }

  /**
   * As {@link #store}, of a task without a key, and does not wait.
   *
   * @return when it is committed
   */
  CompletableFuture<Written> enqueue(NewTask task) {
    return plain.enqueue(task);
  }

  @Override
  public void close() {
    plain.close();
  }

  private Written store(NewTask task, String key) {
    try {
      return Written.waiting(keyed.submit(task));
    } catch (RuntimeException thrown) {
      if (SqlFault.isLockTimeout(thrown)) {
        // Perhaps because of another key in the same write.
        return storeAlone(task, key);
      }
      throw thrown;
    }
  }

  private Written storeAlone(NewTask task, String key) {
    try {
      return Written.waiting(writer.writeOrGiveUp(List.of(task)).getFirst());
    } catch (RuntimeException thrown) {
      throw SqlFault.isLockTimeout(thrown) ? new Refusal.KeyInUse(key).exception() : thrown;
    }
  }

  private static int weight(NewTask task) {
    return task.submission().payload().length();
  }
}
