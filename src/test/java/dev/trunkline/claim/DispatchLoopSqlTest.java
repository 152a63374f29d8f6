package dev.trunkline.claim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trunkline.config.TestConfig;
import dev.trunkline.database.TestDatabase;
import dev.trunkline.task.TasksReady;
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

  private boolean mayClaim() {
    return Direct.mayClaim(here.claims, "default");
  }
}
