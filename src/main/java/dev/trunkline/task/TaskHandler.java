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
 * <p>One instance serves all attempts at once, each on a virtual thread of its own: it must be
 * thread-safe, and may block. No transaction is open, unless it is {@link #transactional()}.
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
   * be let through, and a handler that computes looks at {@link TaskContext#isCancelled()}. One
   * that goes on all the same is abandoned: its attempt ends without it, and what it answers is
   * dropped.
   *
   * @throws Exception any: the attempt failed and is retried after the type's {@link RetryPolicy};
   *     its message becomes the task's error, so it must not tell secrets
   */
  Outcome<R> handle(P payload, TaskContext context) throws Exception;

  /**
   * Whether an attempt runs in one database transaction with its own success (JTA): what the
   * handler writes to the database of the service, and tasks that it submits, commit together with
   * {@code succeeded}, or not at all. So these effects happen exactly once, also when the process
   * dies at the worst moment. Any other outcome rolls them back.
   *
   * <p>It costs a connection for as long as the handler uses the database, so fewer attempts run at
   * once than there are connections in the pool; and a transaction for as long as the handler runs,
   * so keep it short. Whatever it does elsewhere is done at least once, as always.
   */
  default boolean transactional() {
    return false;
  }

  /**
   * Why tasks of this type cannot run here now, and what to install or set to change that; empty
   * where they can. Looked at when a task is submitted and before tasks are claimed, so it must
   * answer at once.
   */
  default Optional<String> unavailable() {
    return Optional.empty();
  }
}
