package dev.trunkline.task;

import java.util.UUID;

/** What a handler may ask and tell about the attempt it runs. Thread-safe. */
public interface TaskContext {

  /** The task; with {@link #attempt()} the natural key for making an outside effect idempotent. */
  UUID taskId();

  /**
   * The number of this attempt, from 1. It only grows, also over retries that a client asks for.
   */
  int attempt();

  /** How many attempts the task may use up before it fails. */
  int maxAttempts();

  /**
   * Reports how far the attempt has come. Cheap and never blocking: the newest report of each
   * attempt is written a few times a second, for all attempts of the process at once.
   *
   * @param percent 0 to 100; values outside are brought to the nearer bound
   * @param message what is being done, for people; at most 1,000 characters are kept
   */
  void progress(int percent, String message);

  /**
   * True once the attempt is to stop: it timed out, its task was cancelled, its lease was lost, or
   * the process shuts down. Whatever the handler answers after that is dropped.
   */
  boolean isCancelled();
}
