package dev.trunkline.claim;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** A flag that a loop waits for; raised any number of times, it wakes the loop once. */
public final class Signal {

  private final Semaphore raised = new Semaphore(0);

  public void raise() {
    // Not counted, so that a flag nobody waits for does not grow; raised twice at once does no
    // harm.
    if (raised.availablePermits() == 0) {
      raised.release();
    }
  }

  /** Waits until the flag is raised or the time is over, and lowers it. */
  public boolean await(Duration atMost) throws InterruptedException {
    boolean was = raised.tryAcquire(atMost.toNanos(), TimeUnit.NANOSECONDS);
    raised.drainPermits();
    return was;
  }
}
