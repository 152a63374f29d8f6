package dev.trunkline.handlers;

import dev.trunkline.task.TaskContext;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;

/** A context that keeps what a handler reports, such as {@code 50 fetched}. */
public final class Recorder implements TaskContext {

  private final List<String> reports = new CopyOnWriteArrayList<>();

  public List<String> reports() {
    return List.copyOf(reports);
  }

  @Override
  public UUID taskId() {
    return new UUID(0, 1);
  }

  @Override
  public int attempt() {
    return 1;
  }

  @Override
  public int maxAttempts() {
    return 5;
  }

  @Override
  public void progress(int percent, String message) {
    reports.add(percent + " " + message);
  }

  @Override
  public boolean isCancelled() {
    return false;
  }
}
