package dev.trunkline.inspect;

import dev.trunkline.task.Refusal;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/** A watcher who wants one answer: the end of the task, or how it stands when the time is over. */
final class Waiter implements Watcher {

  private final UUID task;
  private final long start = System.nanoTime();
  private final Duration patience;
  private final CompletableFuture<TaskSnapshot> answer = new CompletableFuture<>();
  private volatile boolean hurried;

  Waiter(UUID task, Duration patience) {
    this.task = task;
    this.patience = patience;
  }

  CompletableFuture<TaskSnapshot> answer() {
    return answer;
  }

  @Override
  public UUID task() {
    return task;
  }

  @Override
  public boolean wants(Stamp stamp) {
    return stamp.isFinal() || isOver();
  }

  /** Not an answer where a retry came between the stamp and the reading. */
  @Override
  public void tell(Stamp stamp, TaskSnapshot snapshot) {
    if (snapshot.isFinal() || isOver()) {
      answer.complete(snapshot);
    }
  }

  @Override
  public void deleted() {
    answer.completeExceptionally(new Refusal.NoSuchTask(task.toString()).exception());
  }

  @Override
  public void unanswered(Throwable why) {
    if (isOver()) {
      answer.completeExceptionally(why);
    }
  }

  @Override
  public void goodbye() {
    hurried = true;
  }

  private boolean isOver() {
    return hurried || System.nanoTime() - start >= patience.toNanos();
  }
}
