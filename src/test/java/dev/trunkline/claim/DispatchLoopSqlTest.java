package dev.trunkline.claim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trunkline.config.TestConfig;
import dev.trunkline.database.Migrations;
import dev.trunkline.database.TestDatabase;
import dev.trunkline.task.TasksReady;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the loop lets submissions do, without its thread. */
class DispatchLoopSqlTest {

  private final Direct here = new Direct(TestDatabase.fresh());
  private final DispatchLoop loop =
      new DispatchLoop(null, here.claims, null, null, null, null, TestConfig.with(Map.of()));

  @Test
  void where_there_is_something_to_look_for_no_submission_claims() {
    assertThat(mayClaim()).isTrue();

    loop.onReady(new TasksReady(false));

    assertThat(mayClaim()).isFalse();
  }

  @Test
  void once_it_has_stopped_none_ever_does() throws Exception {
    loop.stop();

    here.open();
    assertThat(mayClaim()).isFalse();
  }

  /** Nobody else would claim in this process. */
  @Test
  void an_error_ends_the_turn_and_not_the_loop() throws Exception {
    Dispatcher broken =
        new Dispatcher(null, null, null, null, null, null, new SimpleMeterRegistry()) {
          @Override
          public Duration runOnce() {
            throw new StackOverflowError("of the test");
          }
        };
    DispatchLoop unbroken =
        new DispatchLoop(
            broken, null, null, null, Migrations.done(), null, TestConfig.with(Map.of()));

    assertThat(unbroken.turn()).isEqualTo(Duration.ZERO);
  }

  private boolean mayClaim() {
    return Direct.mayClaim(here.claims, "default");
  }
}
