package dev.trunkline.it.handlers;

import dev.trunkline.task.Outcome;
import dev.trunkline.task.TaskContext;
import dev.trunkline.task.TaskHandler;
import dev.trunkline.task.TaskType;
import jakarta.inject.Singleton;
import java.util.concurrent.locks.LockSupport;

/** The handler of {@code fire.deaf}: works on, however often it is interrupted. */
@Singleton
public class DeafHandler implements TaskHandler<Work, String> {

  @Override
  public TaskType<Work, String> type() {
    return TaskType.<Work, String>named("fire.deaf", Work.class, String.class)
        .withDescription("Works for a while and ignores interrupts.");
  }

  @Override
  public Outcome<String> handle(Work work, TaskContext context) {
    Diary.started(context, work.key());
    long end = System.nanoTime() + work.ms() * 1_000_000;
    while (System.nanoTime() < end) {
      LockSupport.parkNanos(50_000_000);
      Thread.interrupted();
      context.progress(50, Diary.worker() + " at attempt " + context.attempt());
    }
    Diary.finished(context, "succeeded");
    return Outcome.succeeded(Diary.worker());
  }
}
