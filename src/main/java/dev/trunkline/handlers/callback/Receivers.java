package dev.trunkline.handlers.callback;

import dev.trunkline.task.Outcome;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * The deliveries of this process that are under way, by receiver, of which only so many are let in
 * at once. Whoever finds no place is told when to come back: at about the time at which one will be
 * free, so that nobody holds a slot of the worker meanwhile and few come in vain. Thread-safe.
 *
 * <p>That time is reckoned as in a line: each that is turned away gets a place behind the one
 * before, as far apart as deliveries to this receiver take. But nobody is put off for much longer
 * than it has come back often before, since the receiver may be well again at any moment.
 */
final class Receivers {

  private static final Duration SHORTEST = Duration.ofMillis(500);
  private static final Duration LONGEST_FIRST = Duration.ofSeconds(30);
  private static final Duration LONGEST = Duration.ofHours(1);
  private static final int DOUBLINGS = 7;
  private static final Duration FIRST_GUESS = Duration.ofMillis(100);

  /** How much the newest duration counts in the mean. */
  private static final double WEIGHT = 0.2;

  /** Beyond this many, those that have nothing under way are forgotten. */
  private static final int REMEMBERED = 1_000;

  private final int most;
  private final LongSupplier nanoTime;
  private final RandomGenerator random;
  private final Map<String, Receiver> receivers = new HashMap<>();

  /**
   * @param most deliveries to one receiver at once
   * @param nanoTime as {@link System#nanoTime} counts
   */
  Receivers(int most, LongSupplier nanoTime, RandomGenerator random) {
    this.most = most;
    this.nanoTime = nanoTime;
    this.random = random;
  }

  /** What is done at a receiver. */
  @FunctionalInterface
  interface Visit {
    Outcome<Delivered> make() throws InterruptedException;
  }

  /**
   * Makes a visit where there is room for it, and else snoozes.
   *
   * @param times how often this delivery has come, this time included; at least 1
   */
  Outcome<Delivered> visit(String name, int times, Visit visit) throws InterruptedException {
    long begun = nanoTime.getAsLong();
    Optional<Duration> later = enter(name, times, begun);
    if (later.isPresent()) {
      return Outcome.snooze(later.get());
    }
    try {
      return visit.make();
    } finally {
      leave(name, begun);
    }
  }

  private synchronized Optional<Duration> enter(String name, int times, long now) {
    if (receivers.size() > REMEMBERED) {
      receivers.values().removeIf(receiver -> receiver.begun.isEmpty());
    }
    Receiver receiver = receivers.computeIfAbsent(name, _ -> new Receiver(now));
    if (receiver.begun.size() < most) {
      receiver.begun.add(now);
      return Optional.empty();
    }
    return Optional.of(receiver.placeInLine(now, longest(times)));
  }

  private synchronized void leave(String name, long begun) {
    receivers.getOrDefault(name, new Receiver(begun)).ended(begun, nanoTime.getAsLong());
  }

  private Duration longest(int times) {
    Duration bound = LONGEST_FIRST.multipliedBy(1L << Math.clamp(times - 1L, 0, DOUBLINGS));
    return bound.compareTo(LONGEST) > 0 ? LONGEST : bound;
  }

  /** One of them; used under the lock alone. */
  private final class Receiver {

    /** When the visits that are under way began, the oldest first. */
    private final Deque<Long> begun = new ArrayDeque<>();

    private long meanNanos = FIRST_GUESS.toNanos();
    private long endOfLine;

    Receiver(long now) {
      this.endOfLine = now;
    }

    void ended(long beginning, long now) {
      begun.remove(beginning);
      meanNanos += Math.round((now - beginning - meanNanos) * WEIGHT);
    }

    Duration placeInLine(long now, Duration longest) {
      long each = Math.max(meanNanos, now - begun.element()) / most;
      long place = Math.max(endOfLine, now + SHORTEST.toNanos()) + each;
      if (place - now > longest.toNanos()) {
        return longest.minusNanos(random.nextLong(longest.toNanos() / 2));
      }
      endOfLine = place;
      return Duration.ofNanos(place - now);
    }
  }
}
