package dev.trunkline.execute;

import jakarta.inject.Singleton;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs attempts, each on a virtual thread of its own, in the order in which they were claimed, and
 * of each queue as many at once as its concurrency allows; the others wait here. Thread-safe.
 */
@Singleton
class Runners {

  private final Slots slots;
  private final ClassLoader loader = Thread.currentThread().getContextClassLoader();
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
        .start(new Waiting(attempt, () -> body.accept(attempt)));
  }

  /** Attempts that run now. */
  int running() {
    return lanes.values().stream().mapToInt(lane -> lane.running.get()).sum();
  }

  /** Attempts that wait for their turn; one that was withdrawn counts until it is forgotten. */
  int waiting() {
    return lanes.values().stream().mapToInt(lane -> lane.waiting.size()).sum();
  }

  /** Those that were withdrawn wait no longer, and are not held in memory until their turn. */
  void forgetWithdrawn() {
    lanes.values().forEach(lane -> lane.waiting.removeIf(it -> it.attempt.isWithdrawn()));
  }

  /** The attempt runs no more, or is not waited for. */
  void makeWay(RunningAttempt attempt) {
    Lane lane = lanes.get(attempt.task().queue());
    if (lane != null && attempt.hasPlace()) {
      lane.makeWay();
    }
  }

  /**
   * With nothing of the thread that starts it, which may be that of another attempt: what a handler
   * has left in its thread is not to be found by the next one.
   */
  void startThread(UUID task, Runnable body) {
    Thread.ofVirtual()
        .name("attempt-" + task)
        .inheritInheritableThreadLocals(false)
        .start(
            () -> {
              Thread.currentThread().setContextClassLoader(loader);
              body.run();
            });
  }

  private record Waiting(RunningAttempt attempt, Runnable body) {}

  /** One for each queue. */
  private final class Lane {

    private final int atOnce;
    private final AtomicInteger running = new AtomicInteger();
    private final Queue<Waiting> waiting = new ConcurrentLinkedQueue<>();

    Lane(int atOnce) {
      this.atOnce = atOnce;
    }

    void start(Waiting attempt) {
      waiting.add(attempt);
      startOneMore();
    }

    private void startOneMore() {
      while (takePlace()) {
        Waiting next = nextOne();
        if (next != null) {
          begin(next);
          return;
        }
        running.decrementAndGet();
        if (waiting.isEmpty()) {
          return;
        }
        // It came after the look and before the place was free again.
      }
    }

    private void begin(Waiting next) {
      try {
        startThread(next.attempt.taskId(), next.body);
      } catch (RuntimeException | Error e) {
        // It is taken back as one whose turn does not come.
        if (next.attempt.losePlace()) {
          running.decrementAndGet();
        }
        throw e;
      }
    }

    /** That has not been withdrawn meanwhile. */
    private @Nullable Waiting nextOne() {
      Waiting next = waiting.poll();
      while (next != null && !next.attempt.takePlace()) {
        next = waiting.poll();
      }
      return next;
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
