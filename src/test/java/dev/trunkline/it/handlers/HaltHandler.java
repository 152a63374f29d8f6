package dev.trunkline.it.handlers;

import dev.trunkline.task.Outcome;
import dev.trunkline.task.TaskContext;
import dev.trunkline.task.TaskHandler;
import dev.trunkline.task.TaskType;
import jakarta.inject.Singleton;

/** The handler of {@code fire.halt}: poison, which ends its process. */
@Singleton
public class HaltHandler implements TaskHandler<Work, String> {

  /** The exit status of a process that has taken the poison. */
  public static final int STATUS = 86;

  @Override
  public TaskType<Work, String> type() {
    return TaskType.<Work, String>named("fire.halt", Work.class, String.class)
        .withDescription("Ends the process that runs it.");
  }

  @Override
  public Outcome<String> handle(Work work, TaskContext context) {
    Diary.started(context, work.key());
    Runtime.getRuntime().halt(STATUS);
    return Outcome.giveUp("not reached");
  }
}
