package dev.trunkline.execute;

import dev.trunkline.config.TrunklineConfig;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How many attempts of each queue run in this process, and how many more may. Thread-safe; only the
 * dispatcher takes slots, so that what it has seen free stays free until it takes it.
 */
@Singleton
public class Slots {

  private final TrunklineConfig config;
  private final Map<String, Integer> taken = new ConcurrentHashMap<>();

  Slots(TrunklineConfig config) {
    this.config = config;
  }

  /** Free slots of a queue that is not mentioned in {@link #freeByQueue}. */
  public int capacity() {
    return config.worker().concurrency();
  }

  /** Free slots of every queue that has a setting of its own or runs something. */
  public Map<String, Integer> freeByQueue() {
    Map<String, Integer> free = new ConcurrentHashMap<>();
    config.queues().forEach((queue, settings) -> free.put(queue, settings.concurrency()));
    taken.forEach((queue, count) -> free.put(queue, Math.max(0, capacityOf(queue) - count)));
    return free;
  }

  /** Attempts that run in this process. */
  public int taken() {
    return taken.values().stream().mapToInt(Integer::intValue).sum();
  }

  void take(String queue) {
    taken.merge(queue, 1, Integer::sum);
  }

  void giveBack(String queue) {
    taken.computeIfPresent(queue, (name, count) -> count == 1 ? null : count - 1);
  }

  private int capacityOf(String queue) {
    TrunklineConfig.Queue settings = config.queues().get(queue);
    return settings == null ? capacity() : settings.concurrency();
  }
}
