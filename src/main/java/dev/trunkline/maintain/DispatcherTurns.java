package dev.trunkline.maintain;

import dev.trunkline.claim.DispatchLoop;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;

/**
 * Liveness: DOWN when the dispatcher stands still, which only a restart can heal. A database that
 * is away does not stop it from turning.
 */
@Liveness
@ApplicationScoped
class DispatcherTurns implements HealthCheck {

  /** Longer than every time limit of a database call together with the pause between turns. */
  private static final Duration STANDSTILL = Duration.ofSeconds(90);

  private final DispatchLoop loop;

  DispatcherTurns(DispatchLoop loop) {
    this.loop = loop;
  }

  @Override
  public HealthCheckResponse call() {
    Duration still = loop.sinceLastTurn();
    return HealthCheckResponse.named("dispatcher")
        .status(still.compareTo(STANDSTILL) < 0)
        .withData("secondsSinceLastTurn", still.toSeconds())
        .build();
  }
}
