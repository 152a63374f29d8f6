package dev.trunkline.execute;

import jakarta.inject.Singleton;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Runs attempts, each on a virtual thread of its own, in the order in which they were claimed, and
 * of each queue as many at once as its concurrency allows; the others wait here. Thread-safe.
 */
@Singleton
class Runners {

  private final Slots slots;
  private final Map<String, Lane> lanes = new ConcurrentHashMap<>();

  Runners(Slots slots) {
    this.slots = slots;
  }

  /**
   * Has the attempt run, now or when another one of its queue makes way.
   *
   * @param body runs the handler, and has {@link #makeWay} called once
   */
  void start(RunningAttempt attempt, Consumer<RunningAttempt> body) {
    String queue = attempt.task().queue();
    lanes
        .computeIfAbsent(queue, _ -> new Lane(slots.concurrency(queue)))
        .start(() -> body.accept(attempt));
  }

  /** An attempt of this queue runs no more, or is not waited for. */
  void makeWay(String queue) {
    Lane lane = lanes.get(queue);
    if (lane != null) {
      lane.makeWay();
    }
  }

  /** One for each queue. */
  private static final class Lane {

    private final int atOnce;
    private final AtomicInteger running = new AtomicInteger();
    private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();

    Lane(int atOnce) {
      this.atOnce = atOnce;
    }

    void start(Runnable body) {
      waiting.add(body);
      startOneMore();
    }

    private void startOneMore() {
      while (takePlace()) {
        Runnable next = waiting.poll();
        if (next != null) {
          Thread.startVirtualThread(next);
          return;
        }
        running.decrementAndGet();
        if (waiting.isEmpty()) {
          return;
        }
        // It came after the look and before the place was free again.
      }
    }

    void makeWay() {
      running.decrementAndGet();
      if (!waiting.isEmpty()) {
        startOneMore();
      }
    }

    private boolean takePlace() {
      for (int now; (now = running.get()) < atOnce; ) {
        if (running.compareAndSet(now, now + 1)) {
          return true;
        }
      }
      return false;
    }
  }
}
