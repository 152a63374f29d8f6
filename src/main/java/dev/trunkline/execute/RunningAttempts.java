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
  private volatile Runnable first = () -> {};

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

  /** Has it called after an attempt came where none was; by whoever brought it, so it is quick. */
  public void whenFirst(Runnable wake) {
    first = wake;
  }

  void add(RunningAttempt attempt) {
    boolean none = running.isEmpty();
    running.put(attempt.task().token(), attempt);
    if (none) {
      first.run();
    }
  }

  /** True for the first who does it. */
  boolean remove(RunningAttempt attempt) {
    return running.remove(attempt.task().token(), attempt);
  }
}
