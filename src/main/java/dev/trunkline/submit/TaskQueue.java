package dev.trunkline.submit;

import dev.trunkline.database.GroupCommit;
import dev.trunkline.task.HandlerRegistry;
import dev.trunkline.task.Refusal;
import dev.trunkline.task.Task;
import dev.trunkline.task.TaskHandler;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Status;
import java.util.List;
import java.util.Optional;

/**
 * Takes tasks. In a transaction of the caller's the task exists if and only if that commits;
 * outside of one it is stored, together with what others submit at the same moment, before {@link
 * #submit} returns. Thread-safe.
 */
@ApplicationScoped
public class TaskQueue {

  private static final int BATCH = 500;

  private final HandlerRegistry handlers;
  private final PayloadCheck payloads;
  private final TaskWriter writer;
  private final WakeUp wakeUp;
  private final GroupCommit<NewTask, Optional<Task>> group;

  TaskQueue(HandlerRegistry handlers, PayloadCheck payloads, TaskWriter writer, WakeUp wakeUp) {
    this.handlers = handlers;
    this.payloads = payloads;
    this.writer = writer;
    this.wakeUp = wakeUp;
    this.group = new GroupCommit<>(BATCH, writer::writeApart);
  }

  /**
   * Stores a task.
   *
   * @return the task, and whether an earlier submission under the same key had stored it
   * @throws dev.trunkline.task.RefusedException for an unknown type, bad values, a payload that
   *     does not fit, or a key that was used for something else; nothing is stored then
   */
  public Submitted submit(Submission submission) {
    // Before the checks, which may have come to another result since the first submission.
    Optional<Task> first = submission.idempotencyKey().flatMap(key -> writer.findByKey(submission));
    if (first.isPresent()) {
      return new Submitted(first.get(), true);
    }
    return store(checked(submission))
        .map(fresh -> new Submitted(fresh, false))
        // Somebody took the key in between; and if that task is deleted already, we may.
        .orElseGet(() -> submit(submission));
  }

  private NewTask checked(Submission submission) {
    TaskHandler<?, ?> handler =
        handlers
            .find(submission.type())
            .orElseThrow(
                () -> new Refusal.UnknownType(submission.type(), handlers.typeNames()).exception());
    handler
        .unavailable()
        .ifPresent(
            reason -> {
              throw new Refusal.UnavailableType(submission.type(), reason).exception();
            });
    SubmissionRules.check(submission);
    payloads.check(handler.type(), submission.payload());
    return NewTask.of(submission, handler.type());
  }

  private Optional<Task> store(NewTask task) {
    // Also one that can only be rolled back: then the task is not to exist either.
    if (QuarkusTransaction.getStatus() != Status.STATUS_NO_TRANSACTION) {
      wakeUp.afterCommit();
      return writer.write(List.of(task)).getFirst();
    }
    Optional<Task> stored = group.submit(task);
    wakeUp.now();
    return stored;
  }
}
