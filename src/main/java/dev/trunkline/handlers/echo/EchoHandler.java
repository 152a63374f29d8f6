package dev.trunkline.handlers.echo;

import dev.trunkline.task.Outcome;
import dev.trunkline.task.TaskContext;
import dev.trunkline.task.TaskHandler;
import dev.trunkline.task.TaskType;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Collections;

/** The handler of {@code echo}: one line after the other, 200 ms between two. */
@Singleton
public class EchoHandler implements TaskHandler<Echo, Echoed> {

  static final Duration PAUSE = Duration.ofMillis(200);

  /** Above the 2,000 s that the largest payload takes. */
  private static final Duration TIMEOUT = Duration.ofMinutes(40);

  @Override
  public TaskType<Echo, Echoed> type() {
    return TaskType.<Echo, Echoed>named("echo", Echo.class, Echoed.class)
        .withDescription("Says a text several times, 200 ms apart.")
        .withTimeout(TIMEOUT)
        .asExample();
  }

  @Override
  public Outcome<Echoed> handle(Echo payload, TaskContext context) throws InterruptedException {
    if (!payload.isShortEnough()) {
      return Outcome.giveUp(Echo.TOO_LONG);
    }
    for (int said = 1; said <= payload.time(); said++) {
      pauseBefore(said);
      context.progress(100 * said / payload.time(), "line " + said + " of " + payload.time());
    }
    return Outcome.succeeded(new Echoed(Collections.nCopies(payload.time(), payload.text())));
  }

  private static void pauseBefore(int line) throws InterruptedException {
    if (line > 1) {
      Thread.sleep(PAUSE);
    }
  }
}
