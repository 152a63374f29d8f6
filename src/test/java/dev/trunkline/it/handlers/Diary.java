package dev.trunkline.it.handlers;

import dev.trunkline.it.history.Event;
import dev.trunkline.it.history.EventFile;
import dev.trunkline.task.TaskContext;
import java.nio.file.Path;
import java.time.Instant;

/** What the handlers of this process write down, in the file that {@code fire.history} names. */
final class Diary {

  private static final class Open {
    static final EventFile FILE = new EventFile(Path.of(System.getProperty("fire.history")));
  }

  private Diary() {}

  static void started(TaskContext context, String key) {
    Open.FILE.append(
        new Event.Started(
            Instant.now(), worker(), context.taskId().toString(), context.attempt(), key));
  }

  static void finished(TaskContext context, String outcome) {
    Open.FILE.append(
        new Event.Finished(
            Instant.now(), worker(), context.taskId().toString(), context.attempt(), outcome));
  }

  static String worker() {
    return System.getProperty("trunkline.worker.name", "unnamed");
  }
}
