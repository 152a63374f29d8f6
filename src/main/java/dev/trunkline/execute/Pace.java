package dev.trunkline.execute;

import dev.trunkline.config.TrunklineConfig;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * How many tasks of a queue this process may take ahead of its slots: as many as it has lately
 * ended within some moments, of those that took no longer than one. So tasks that take no time do
 * not wait for the next claim, and those that take long are left to whoever has a slot for them
 * now, also where many of them end together. Thread-safe.
 */
@Singleton
class Pace {

  /** Tasks that take no longer are short. */
  static final Duration MOMENT = Duration.ofMillis(20);

  /**
   * What is taken ahead waits about so long. Where several processes share the processors each has
   * a part of the pace, and would make small claims with less.
   */
  private static final Duration AHEAD = Duration.ofMillis(50);

  private static final long SHORTEST_LOOK = Duration.ofMillis(50).toNanos();

  /** There may be a queue for each day, or for each customer. */
  private static final long FORGOTTEN = Duration.ofMinutes(1).toNanos();

  private final int most;
  private final Map<String, Ends> byQueue = new ConcurrentHashMap<>();

  Pace(TrunklineConfig config) {
    this.most = config.worker().prefetch();
  }

  void ended(String queue) {
    byQueue.computeIfAbsent(queue, _ -> new Ends()).count.increment();
  }

  /** Queues of which anything has ended lately. */
  List<String> busy() {
    byQueue.values().removeIf(Ends::isForgotten);
    return byQueue.entrySet().stream()
        .filter(entry -> entry.getValue().withinMoments() > 0)
        .map(Map.Entry::getKey)
        .toList();
  }

  int ahead(String queue) {
    Ends ends = byQueue.get(queue);
    return ends == null ? 0 : (int) Math.min(most, ends.withinMoments());
  }

  /** Of one queue. */
  private static final class Ends {

    private final LongAdder count = new LongAdder();
    private long seen;
    private long seenNanos = System.nanoTime();
    private long pace;
    private long busyNanos = System.nanoTime();

    /** Since the last look, unless that was only just now. */
    synchronized long withinMoments() {
      long now = System.nanoTime();
      long passed = now - seenNanos;
      if (passed >= SHORTEST_LOOK) {
        long all = count.sum();
        pace = (all - seen) * AHEAD.toNanos() / passed;
        busyNanos = all > seen ? now : busyNanos;
        seen = all;
        seenNanos = now;
      }
      return pace;
    }

    /**
     * Nothing has ended for long. What ends at this very moment is not counted, which does no harm.
     */
    synchronized boolean isForgotten() {
      return System.nanoTime() - busyNanos >= FORGOTTEN && count.sum() == seen;
    }
  }
}
