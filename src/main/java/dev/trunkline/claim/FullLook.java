package dev.trunkline.claim;

import java.time.Duration;

/**
 * Decides when a claim looks from the very beginning instead of from the last position. It picks up
 * what was committed late, and walks over whatever dead index entries a long transaction keeps from
 * being vacuumed: so the longer it took, the longer until the next one. It costs at most a
 * twentieth of the time that way. One that takes several claims may cost more, up to all of them
 * where it does not end: the next one begins a minute after its first claim at the latest. Used by
 * one thread alone.
 */
public final class FullLook {

  private static final int SHARE = 20;
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

  private long nextNanos = System.nanoTime();
  private long latestNanos = nextNanos;
  private Duration spent = Duration.ZERO;

  public boolean isDue() {
    return System.nanoTime() - nextNanos >= 0;
  }

  /** Until the next one is due; zero where it is. */
  public Duration untilNext() {
    return Duration.ofNanos(Math.max(0, nextNanos - System.nanoTime()));
  }

  /** One has taken this long, or its first claim has. */
  public void took(Duration duration) {
    spent = duration;
    latestNanos = System.nanoTime() + LONGEST_PAUSE.toNanos();
    planNext();
  }

  /** Another claim of the same look has taken this long. */
  void wentOn(Duration duration) {
    spent = spent.plus(duration);
    planNext();
  }

  private void planNext() {
    Duration pause = spent.multipliedBy(SHARE);
    Duration bounded = pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
    long next = System.nanoTime() + bounded.toNanos();
    nextNanos = next - latestNanos > 0 ? latestNanos : next;
  }
}
