package dev.trunkline.it.handlers;

import dev.trunkline.task.Outcome;
import dev.trunkline.task.RetryPolicy;
import dev.trunkline.task.TaskContext;
import dev.trunkline.task.TaskHandler;
import dev.trunkline.task.TaskType;
import jakarta.inject.Singleton;
import java.time.Duration;

/** The handler of {@code fire.record}: works for a while, and writes down when. */
@Singleton
public class RecordHandler implements TaskHandler<Work, String> {

  @Override
  public TaskType<Work, String> type() {
    return TaskType.<Work, String>named("fire.record", Work.class, String.class)
        .withDescription("Works for a while and writes down when.")
        .withRetry(new RetryPolicy(Duration.ofMillis(200), Duration.ofSeconds(2)));
  }

  @Override
  public Outcome<String> handle(Work work, TaskContext context) throws InterruptedException {
    Diary.started(context, work.key());
    context.progress(50, Diary.worker() + " at attempt " + context.attempt());
    Thread.sleep(work.ms());
    if (context.attempt() <= work.failures()) {
      Diary.finished(context, "failed");
      throw new IllegalStateException("as asked");
    }
    Diary.finished(context, "succeeded");
    return Outcome.succeeded(Diary.worker());
  }
}
