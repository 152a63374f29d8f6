package dev.trunkline.maintain;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.junit.jupiter.api.Test;

class VirtualThreadsRunTest {

  private final VirtualThreadsRun check = new VirtualThreadsRun();

  @Test
  void while_virtual_threads_run_no_delay_is_told() {
    for (int i = 0; i < 5; i++) {
      assertThat(check.call().getStatus()).isEqualTo(HealthCheckResponse.Status.UP);
    }
  }

  @Test
  void one_that_gets_no_turn_is_noticed() {
    VirtualThreadsRun impatient = new VirtualThreadsRun(Duration.ofMillis(200));
    Spinners spinners = new Spinners(4 * Runtime.getRuntime().availableProcessors());
    try {
      spinners.start();
      Awaitility.await()
          .until(() -> impatient.call().getStatus() == HealthCheckResponse.Status.DOWN);
    } finally {
      spinners.stop();
    }
    Awaitility.await().until(() -> impatient.call().getStatus() == HealthCheckResponse.Status.UP);
  }

  /** Virtual threads that compute and never block. */
  private static final class Spinners {
    private final int count;
    private volatile boolean stopped;

    Spinners(int count) {
      this.count = count;
    }

    void start() {
      for (int i = 0; i < count; i++) {
        Thread.ofVirtual()
            .start(
                () -> {
                  while (!stopped) {
                    Thread.onSpinWait();
                  }
                });
      }
    }

    void stop() {
      stopped = true;
    }
  }
}
