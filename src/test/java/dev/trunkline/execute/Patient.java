package dev.trunkline.execute;

import dev.trunkline.task.Outcome;
import dev.trunkline.task.TaskContext;
import dev.trunkline.task.TaskHandler;
import dev.trunkline.task.TaskType;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;

/** A handler that runs until it is let go, or interrupted. */
@SuppressWarnings("rawtypes") // there is no class object of a map with its types
public final class Patient implements TaskHandler<Map, Object> {

  public final CountDownLatch free = new CountDownLatch(1);

  /** The tasks of its calls. */
  public final BlockingQueue<UUID> begun = new LinkedBlockingQueue<>();

  public final BlockingQueue<Object> payloads = new LinkedBlockingQueue<>();

  @Override
  public TaskType<Map, Object> type() {
    return TaskType.named("test", Map.class, Object.class);
  }

  @Override
  public Outcome<Object> handle(Map payload, TaskContext context) throws InterruptedException {
    payloads.add(payload);
    begun.add(context.taskId());
    free.await();
    return Outcome.succeeded("done");
  }
}
