package dev.trunkline.execute;

import dev.trunkline.execute.RunningAttempt.Stop;
import dev.trunkline.task.AttemptToken;
import jakarta.inject.Singleton;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Every attempt that runs in this process, until its outcome is written. Thread-safe. */
@Singleton
public class RunningAttempts {

  private final Map<AttemptToken, RunningAttempt> running = new ConcurrentHashMap<>();
  private volatile Runnable added = () -> {};

  /** A snapshot. */
  public Collection<RunningAttempt> all() {
    return List.copyOf(running.values());
  }

  public boolean isEmpty() {
    return running.isEmpty();
  }

  /** Whether this attempt runs here, or its end is still being written. */
  public boolean contains(AttemptToken token) {
    return running.containsKey(token);
  }

  /** Stops all that run now. */
  public void stopAll(Stop reason) {
    running.values().forEach(attempt -> attempt.stop(reason));
  }

  /** Stops those that run now for a worker that this process was; its successor's go on. */
  public void stopAll(WorkerIdentity worker, Stop reason) {
    running.values().stream()
        .filter(attempt -> attempt.worker().equals(worker))
        .forEach(attempt -> attempt.stop(reason));
  }

  /**
   * Has it called after each attempt that comes, and now where some are there already. Whoever
   * brings the attempt calls it, so it is to be quick.
   */
  public void whenAdded(Runnable wake) {
    added = wake;
    if (!isEmpty()) {
      wake.run();
    }
  }

  void add(RunningAttempt attempt) {
    running.put(attempt.task().token(), attempt);
    added.run();
  }

  /** True for the first who does it. */
  boolean remove(RunningAttempt attempt) {
    return running.remove(attempt.task().token(), attempt);
  }
}
