package dev.trunkline.task;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The code that runs one type of task; a CDI bean ({@code @ApplicationScoped} or
 * {@code @Singleton}) that implements this is found at start, and its type can be submitted.
 *
 * <p>Execution is at least once: a worker that dies after the work and before its result is saved
 * leaves a task that runs again. So what a handler does to the outside should bear repeating.
 *
 * <p>One instance serves all attempts at once, each on a virtual thread of its own and outside any
 * database transaction: it must be thread-safe, and may block.
 *
 * @param <P> the payload: a record that Jackson reads, with Bean Validation constraints
 * @param <R> the result: anything that Jackson writes
 */
public interface TaskHandler<P, R extends @Nullable Object> {

  /** What this handler runs; always the same, for it is asked often. */
  TaskType<P, R> type();

  /**
   * Runs one attempt. Interrupted when the attempt is over before it has ended (timeout, cancel,
   * lost lease, shutdown): blocking calls then throw {@link InterruptedException}, which may simply
   * be let through, and a handler that computes looks at {@link TaskContext#isCancelled()}.
   *
   * @throws Exception any: the attempt failed and is retried after the type's {@link RetryPolicy};
   *     its message becomes the task's error, so it must not tell secrets
   */
  Outcome<R> handle(P payload, TaskContext context) throws Exception;

  /**
   * Why tasks of this type cannot run here now, and what to install or set to change that; empty
   * where they can. Looked at when a task is submitted and before tasks are claimed, so it must
   * answer at once.
   */
  default Optional<String> unavailable() {
    return Optional.empty();
  }
}
