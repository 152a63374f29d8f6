package dev.trunkline.it;

import java.time.Duration;
import org.awaitility.Awaitility;

/** Time that has to pass because passing time is what a scenario is about. */
final class Pause {

  private Pause() {}

  static void of(Duration duration) {
    long start = System.nanoTime();
    Awaitility.await()
        .pollInterval(duration.dividedBy(20).plusMillis(1))
        .atMost(duration.multipliedBy(2).plusSeconds(10))
        .until(() -> System.nanoTime() - start >= duration.toNanos());
  }
}
