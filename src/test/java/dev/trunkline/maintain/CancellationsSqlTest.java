package dev.trunkline.maintain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trunkline.database.Tasks;
import dev.trunkline.database.TestDatabase;
import dev.trunkline.database.Unreachable;
import dev.trunkline.execute.Attempts;
import dev.trunkline.execute.RunningAttempt;
import dev.trunkline.execute.RunningAttempts;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class CancellationsSqlTest {

  private static final TestDatabase DATABASE = TestDatabase.fresh();

  private final RunningAttempts running = new RunningAttempts();
  private final Cancellations cancellations = new Cancellations(DATABASE.dataSource(), running);

  @Test
  void only_the_attempt_that_is_to_stop_is_interrupted() {
    UUID wanted = Tasks.in(DATABASE).one();
    UUID other = Tasks.in(DATABASE).one();
    RunningAttempt stops = Attempts.add(running, wanted, 1);
    RunningAttempt stale = Attempts.add(running, wanted, 0);
    RunningAttempt goesOn = Attempts.add(running, other, 1);
    DATABASE.update("update trunkline.task set cancel_requested_at = now() where id = ?", wanted);

    cancellations.runOnce();

    assertThat(stops.isCancelled()).isTrue();
    assertThat(stale.isCancelled()).isFalse();
    assertThat(goesOn.isCancelled()).isFalse();
  }

  @Test
  void nobody_is_asked_while_nothing_runs() {
    new Cancellations(Unreachable.times(1, DATABASE.dataSource()), running).runOnce();
  }
}
