package dev.trunkline.submit;

import dev.trunkline.task.Refusal;
import dev.trunkline.task.Task;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Status;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/**
 * Takes tasks. In a transaction of the caller's the task exists if and only if that commits;
 * outside of one it is stored, together with what others submit at the same moment, before {@link
 * #submit} returns. Thread-safe.
 */
@ApplicationScoped
public class TaskQueue {

  private static final int BATCHES_AT_ONCE = 3;

  private final SubmissionCheck checks;
  private final TaskWriter writer;
  private final WakeUp wakeUp;
  private final AllOrNone allOrNone;
  private final OneByOne oneByOne;
  private final SharedWrites shared;

  /** So that batches leave most of the pool's connections, and of the memory, to others. */
  private final Semaphore batchesAtOnce = new Semaphore(BATCHES_AT_ONCE, true);

  TaskQueue(
      SubmissionCheck checks,
      TaskWriter writer,
      ClaimingWriter claimingWriter,
      WakeUp wakeUp,
      AllOrNone allOrNone,
      OneByOne oneByOne) {
    this.checks = checks;
    this.writer = writer;
    this.wakeUp = wakeUp;
    this.allOrNone = allOrNone;
    this.oneByOne = oneByOne;
    this.shared = new SharedWrites(writer, claimingWriter);
  }

  /**
   * Stores a task.
   *
   * @return the task, and whether an earlier submission under the same key had stored it
   * @throws dev.trunkline.task.RefusedException for an unknown type, bad values, a payload that
   *     does not fit, or a key that was used for something else or is held by a transaction that
   *     has not ended; nothing is stored then
   * @throws dev.trunkline.database.WriterClosedException where the process ends; nothing is stored
   *     then
   */
  public Submitted submit(Submission submission) {
    // Before the checks, which may have come to another result since the first submission.
    Optional<Task> first = submission.idempotencyKey().flatMap(key -> writer.findByKey(submission));
    if (first.isPresent()) {
      return new Submitted(first.get(), true);
    }
    return store(checks.check(submission))
        .map(fresh -> new Submitted(fresh, false))
        // Somebody took the key in between; and if that task is deleted already, we may.
        .orElseGet(() -> submit(submission));
  }

  /**
   * Whether {@link #enqueue} takes it: it has no idempotency key, which would have to be looked up,
   * is of a type of this process, and its payload may be anything.
   */
  public boolean mayEnqueue(Submission submission) {
    return submission.idempotencyKey().isEmpty() && checks.isQuick(submission);
  }

  /**
   * Stores a task, together with what others submit at the same moment, and waits for nothing: it
   * may be called on an I/O thread. Never in a transaction of the caller's.
   *
   * @param submission one that {@link #mayEnqueue}
   * @return the task, when it is committed. What depends on it is to be short, for what is
   *     submitted next waits for it, and it is not to submit anything
   * @throws dev.trunkline.task.RefusedException as {@link #submit} does, at once
   */
  public CompletionStage<Submitted> enqueue(Submission submission) {
    NewTask task = checks.check(submission);
    return shared
        .enqueue(task)
        .thenApply(written -> new Submitted(told(task, written).orElseThrow(), false));
  }

  /**
   * Stores many tasks, all or none of them, in one statement: in the caller's transaction where
   * there is one, otherwise before this returns.
   *
   * @return what {@link #submit} would answer for each, in the same order
   * @throws dev.trunkline.task.RefusedException with a {@link Refusal.Several} that names every
   *     task that is refused; nothing is stored then. A transaction of the caller's can then only
   *     be rolled back if another one took a key of these in between
   */
  public List<Submitted> submitAll(List<Submission> submissions) {
    BatchPlan plan = allOrNone.plan(submissions, checks.ofBatch());
    if (isInTransaction()) {
      wakeUp.afterCommit();
      return allOrNone.write(plan);
    }
    List<Submitted> stored = inTurn(() -> allOrNone.writeApart(plan));
    wakeUp.now();
    return stored;
  }

  /**
   * Stores many tasks, each for itself: one that is refused takes no other with it. Never in a
   * transaction of the caller's; what is stored is committed when this returns.
   *
   * @param submissions at most some hundreds, for they are one statement
   * @return a receipt for each, in the same order
   */
  public List<Receipt> submitEach(List<Submission> submissions) {
    List<Receipt> receipts = inTurn(() -> oneByOne.store(submissions, checks.ofBatch()));
    wakeUp.now();
    return receipts;
  }

  /**
   * Passes what {@link #submit} would take, apart from its key.
   *
   * @throws dev.trunkline.task.RefusedException as {@link #submit} does
   */
  public void check(Submission submission) {
    checks.check(submission);
  }

  @PreDestroy
  void close() {
    shared.close();
  }

  private <T> T inTurn(Supplier<T> batch) {
    batchesAtOnce.acquireUninterruptibly();
    try {
      return batch.get();
    } finally {
      batchesAtOnce.release();
    }
  }

  private Optional<Task> store(NewTask task) {
    if (isInTransaction()) {
      wakeUp.afterCommit(checks.runsHere(task));
      return writer.write(List.of(task)).getFirst();
    }
    return told(task, shared.store(task));
  }

  private Optional<Task> told(NewTask task, Written written) {
    if (written.leased().isEmpty()) {
      wakeUp.now(checks.runsHere(task));
    }
    return written.task();
  }

  /** Also in one that can only be rolled back: then the task is not to exist either. */
  private static boolean isInTransaction() {
    return QuarkusTransaction.getStatus() != Status.STATUS_NO_TRANSACTION;
  }
}
