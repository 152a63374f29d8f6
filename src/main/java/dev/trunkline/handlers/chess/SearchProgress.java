package dev.trunkline.handlers.chess;

import dev.trunkline.task.TaskContext;
import java.time.Duration;
import java.util.function.Consumer;

/** What an engine's output tells of how far a search has come, passed on as a task's progress. */
final class SearchProgress implements Consumer<String> {

  private final SearchLimits limits;
  private final TaskContext context;
  private final Deadline end;

  /** Progress of a search that starts now. */
  SearchProgress(SearchLimits limits, TaskContext context) {
    this.limits = limits;
    this.context = context;
    this.end = Deadline.in(limits.time());
  }

  @Override
  public void accept(String output) {
    InfoLine.depth(output).ifPresent(this::report);
  }

  private void report(int depth) {
    Duration elapsed = limits.time().minus(end.remaining());
    context.progress(limits.percent(depth, elapsed), "depth " + depth);
  }
}
