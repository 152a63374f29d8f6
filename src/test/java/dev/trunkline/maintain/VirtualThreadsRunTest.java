package dev.trunkline.maintain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trunkline.execute.Spinners;
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
    try (var _ = new Spinners()) {
      Awaitility.await()
          .until(() -> impatient.call().getStatus() == HealthCheckResponse.Status.DOWN);
    }
    Awaitility.await().until(() -> impatient.call().getStatus() == HealthCheckResponse.Status.UP);
  }
}
