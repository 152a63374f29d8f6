package dev.trunkline.execute;

import dev.trunkline.config.TrunklineConfig;
import jakarta.inject.Singleton;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * How many attempts of each queue this process has, and how many more it may take: as many as may
 * run at once, and those that it takes ahead. Thread-safe; while the dispatcher claims, nobody else
 * takes slots, so that what it has seen free stays free until it takes it.
 */
@Singleton
public class Slots {

  /** Characters of payloads in this process, above which nothing more is taken ahead. */
  static final long HEAVY = 64 << 20;

  private final TrunklineConfig config;
  private final Pace pace;
  private final LongAdder held = new LongAdder();
  private final Map<String, Integer> taken = new ConcurrentHashMap<>();

  Slots(TrunklineConfig config, Pace pace) {
    this.config = config;
    this.pace = pace;
  }

  /** Free slots of a queue that is not mentioned in {@link #freeByQueue}. */
  public int capacity() {
    return config.worker().concurrency();
  }

  /**
   * Free slots of every queue that has a setting of its own, or attempts in this process, or has
   * had so many lately that some may be taken ahead: of these all may have ended.
   */
  public Map<String, Integer> freeByQueue() {
    Map<String, Integer> free = new HashMap<>();
    config.queues().keySet().forEach(queue -> free.put(queue, free(queue, 0)));
    pace.busy().forEach(queue -> free.put(queue, free(queue, 0)));
    taken.forEach((queue, count) -> free.put(queue, free(queue, count)));
    return free;
  }

  /**
   * Whether so much of one of these queues has ended that the next claim is worth it: a third of
   * what runs at once, where free slots stand idle meanwhile, and half of that and what is taken
   * ahead, where they do not.
   */
  public boolean isClaimWorthIt(Collection<String> queues) {
    return queues.stream()
        .anyMatch(
            queue -> {
              int count = taken.getOrDefault(queue, 0);
              int free = free(queue, count);
              return ahead(queue) > 0 ? free >= count : free * 2 >= count;
            });
  }

  /** Whether tasks of one of these queues are taken ahead. */
  public boolean isAhead(Collection<String> queues) {
    return queues.stream().anyMatch(queue -> ahead(queue) > 0);
  }

  /** Attempts of a queue that may run at once in this process. */
  int concurrency(String queue) {
    TrunklineConfig.Queue settings = config.queues().get(queue);
    return settings == null ? capacity() : settings.concurrency();
  }

  private int free(String queue, int count) {
    return Math.max(0, concurrency(queue) + ahead(queue) - count);
  }

  private int ahead(String queue) {
    return held.sum() < HEAVY ? pace.ahead(queue) : 0;
  }

  /** Attempts of this process whose handlers have not ended, those that wait for their turn too. */
  public int taken() {
    return taken.values().stream().mapToInt(Integer::intValue).sum();
  }

  /** Takes a slot for an attempt, whose payload is held from here on. */
  void take(RunningAttempt attempt) {
    held.add(attempt.task().payload().length());
    take(attempt.task().queue());
  }

  void take(String queue) {
    taken.merge(queue, 1, Integer::sum);
  }

  /**
   * Takes a slot for an attempt that may come, one of those in which it would run at once; {@link
   * #giveBack} is to follow when it has come, and taken a slot of its own, or when it has not.
   *
   * @return false where none is free
   */
  public boolean reserve(String queue) {
    boolean free = taken.merge(queue, 1, Integer::sum) <= concurrency(queue);
    if (!free) {
      giveBack(queue);
    }
    return free;
  }

  /** The payload of an attempt is held no longer. */
  void letGo(RunningAttempt attempt) {
    held.add(-attempt.task().payload().length());
  }

  /** The end of an attempt is written. */
  void settled(RunningAttempt attempt) {
    if (attempt.ranNoLongerThan(Pace.MOMENT)) {
      pace.ended(attempt.task().queue());
    }
  }

  public void giveBack(String queue) {
    taken.computeIfPresent(queue, (name, count) -> count == 1 ? null : count - 1);
  }
}
