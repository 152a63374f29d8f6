package dev.trunkline.bench;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Time that passes. */
final class Waiting {

  private static final Duration PATIENCE = Duration.ofMinutes(10);

  private Waiting() {}

  static void sleep(Duration duration) {
    try {
      Thread.sleep(duration);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /**
   * Asks again and again.
   *
   * @throws IllegalStateException after ten minutes
   */
  static void until(BooleanSupplier condition, Duration between, String what) {
    long start = System.nanoTime();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - start > PATIENCE.toNanos()) {
        throw new IllegalStateException("not " + what + " in " + PATIENCE);
      }
      sleep(between);
    }
  }
}
