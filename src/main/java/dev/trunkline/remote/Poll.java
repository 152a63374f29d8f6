package dev.trunkline.remote;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A request for work that waits. Its answer is completed once: with tasks, with none when its time
 * is over, or by its client, who has gone away.
 */
final class Poll {

  private final Ask ask;
  private final long sinceNanos = System.nanoTime();
  private final CompletableFuture<List<LeasedTask>> answer = new CompletableFuture<>();
  private boolean lookedFor;

  Poll(Ask ask) {
    this.ask = ask;
  }

  Ask ask() {
    return ask;
  }

  CompletableFuture<List<LeasedTask>> answer() {
    return answer;
  }

  /** Whether nobody waits for the answer any more. */
  boolean isOver() {
    return answer.isDone();
  }

  /** When it came, by this process' monotonic clock. */
  long since() {
    return sinceNanos;
  }

  /** Until it is to be answered, with or without tasks; negative where that is overdue. */
  long nanosLeft() {
    return sinceNanos + ask.patience().toNanos() - System.nanoTime();
  }

  /** Somebody has looked for work for it since it came. */
  void lookedFor() {
    lookedFor = true;
  }

  boolean wasLookedFor() {
    return lookedFor;
  }

  /** Whether to give up waiting; not before anybody has looked. */
  boolean isDue() {
    return lookedFor && nanosLeft() <= 0;
  }
}
