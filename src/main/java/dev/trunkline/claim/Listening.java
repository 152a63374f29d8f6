package dev.trunkline.claim;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import org.jboss.logging.Logger;

/**
 * Whether the notifications of other processes reach this one, and so how often it has to look for
 * itself. Not believed before it is proven, so that nothing is missed meanwhile.
 */
@ApplicationScoped
public class Listening {

  private static final Logger LOG = Logger.getLogger(Listening.class);
  private static final Duration PAUSE_WHEN_DEAF = Duration.ofSeconds(1);

  private final MeterRegistry meters;
  private volatile boolean proven;
  private boolean warned;

  Listening(MeterRegistry meters) {
    this.meters = meters;
  }

  /** Shows it to the operator. */
  void publish() {
    Gauge.builder("trunkline.listening", this, listening -> listening.isProven() ? 1 : 0)
        .description("1 where notifications reach this process, 0 where it polls instead")
        .register(meters);
  }

  boolean isProven() {
    return proven;
  }

  /** The longest that whoever waits for work may sleep. */
  public Duration longestPause() {
    return proven ? DispatchLoop.LONGEST_PAUSE : PAUSE_WHEN_DEAF;
  }

  /** Something was heard. */
  synchronized void heard() {
    if (warned) {
      LOG.info("Notifications arrive again; polling becomes the backstop.");
    }
    warned = false;
    proven = true;
  }

  /** This process listened, and did not hear what was sent. */
  synchronized void deaf() {
    if (!warned) {
      LOG.warnf(
          "Notifications do not arrive, as behind a pooler in transaction mode: this worker polls"
              + " every %d s instead.",
          PAUSE_WHEN_DEAF.toSeconds());
    }
    warned = true;
    proven = false;
  }

  /** There is no connection to listen on, which is said elsewhere. */
  void lost() {
    proven = false;
  }
}
