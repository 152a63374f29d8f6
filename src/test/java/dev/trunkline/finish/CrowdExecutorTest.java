package dev.trunkline.finish;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CrowdExecutorTest {

  /** In milliseconds. */
  private final List<Long> delays = new ArrayList<>();

  private final Noting thread = new Noting();
  private final CrowdExecutor crowd = new CrowdExecutor(thread);

  @AfterEach
  void stop() {
    thread.shutdownNow();
  }

  @Test
  void what_comes_after_little_is_written_at_once() {
    writesAfter(1);
    writesAfter(CrowdExecutor.CROWD - 1);

    assertThat(delays).containsExactly(0L, 0L);
  }

  @Test
  void what_comes_after_a_crowd_waits_for_others() {
    writesAfter(CrowdExecutor.CROWD);
    writesAfter(CrowdExecutor.CROWD + 1);

    assertThat(delays).containsExactly(16L, 16L);
  }

  @Test
  void what_a_full_write_has_left_has_waited() {
    crowd.writes(CrowdExecutor.CROWD, true);
    crowd.execute(() -> {});

    assertThat(delays).containsExactly(0L);
  }

  @Test
  void one_that_follows_a_crowd_alone_is_the_last_to_wait() {
    writesAfter(CrowdExecutor.CROWD);
    writesAfter(1);

    assertThat(delays).containsExactly(16L, 0L);
  }

  @Test
  void one_that_comes_long_after_a_crowd_does_not_wait() {
    writesAfter(CrowdExecutor.CROWD);

    Awaitility.await()
        .until(
            () -> {
              crowd.execute(() -> {});
              return delays.getLast() == 0;
            });
    assertThat(delays.getFirst()).isEqualTo(16);
  }

  private void writesAfter(int ends) {
    crowd.writes(ends, false);
    crowd.execute(() -> {});
  }

  /** Notes when it is to run what it is given. */
  private final class Noting extends ScheduledThreadPoolExecutor {

    Noting() {
      super(1);
    }

    @Override
    public void execute(Runnable command) {
      delays.add(0L);
    }

    @Override
    public @Nullable ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
      delays.add(unit.toMillis(delay));
      return null;
    }
  }
}
