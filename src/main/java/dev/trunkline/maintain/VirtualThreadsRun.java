package dev.trunkline.maintain;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;

/**
 * Liveness: DOWN when virtual threads get no turn any more, because handlers that only compute, and
 * ignore their interrupts, hold every thread that carries them. No attempt goes on in this process
 * then, and a thread cannot be taken away from a handler: only a restart heals it.
 *
 * <p>Each look starts a virtual thread unless one is still waiting for its turn.
 */
@Liveness
@ApplicationScoped
class VirtualThreadsRun implements HealthCheck {

  /** Beyond what an honest handler computes between two blocking calls. */
  private static final Duration STANDSTILL = Duration.ofSeconds(90);

  private final Duration standstill;
  private volatile boolean waiting;
  private long sinceNanos;

  VirtualThreadsRun() {
    this(STANDSTILL);
  }

  VirtualThreadsRun(Duration standstill) {
    this.standstill = standstill;
  }

  @Override
  public synchronized HealthCheckResponse call() {
    if (!waiting) {
      waiting = true;
      sinceNanos = System.nanoTime();
      Thread.ofVirtual().name("pulse").start(() -> waiting = false);
    }
    Duration delay = Duration.ofNanos(System.nanoTime() - sinceNanos);
    return HealthCheckResponse.named("virtual-threads")
        .status(delay.compareTo(standstill) < 0)
        .withData("secondsWithoutTurn", delay.toSeconds())
        .build();
  }
}
