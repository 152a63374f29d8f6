package dev.trunkline.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
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

  private static final int CROWD = 32;

  /** In milliseconds. */
  private final List<Long> delays = new ArrayList<>();

  private final Noting thread = new Noting();
  private final CrowdExecutor crowd = new CrowdExecutor(thread, CROWD, Duration.ofMillis(16));

  @AfterEach
  void stop() {
    thread.shutdownNow();
  }

  @Test
  void what_comes_after_little_is_written_at_once() {
    writesAfter(1);
    writesAfter(CROWD - 1);

    assertThat(delays).containsExactly(0L, 0L);
  }

  @Test
  void what_comes_after_a_crowd_waits_for_others() {
    writesAfter(CROWD);
    writesAfter(CROWD + 1);

    assertThat(delays).containsExactly(16L, 16L);
  }

  @Test
  void what_a_write_has_left_has_waited() {
    crowd.writes(CROWD, true);
    crowd.execute(() -> {});

    assertThat(delays).containsExactly(0L);
  }

  @Test
  void one_that_follows_a_crowd_alone_is_the_last_to_wait() {
    writesAfter(CROWD);
    writesAfter(1);

    assertThat(delays).containsExactly(16L, 0L);
  }

  @Test
  void one_that_comes_long_after_a_crowd_does_not_wait() {
    writesAfter(CROWD);

    Awaitility.await()
        .until(
            () -> {
              crowd.execute(() -> {});
              return delays.getLast() == 0;
            });
    assertThat(delays.getFirst()).isEqualTo(16);
  }

  private void writesAfter(int items) {
    crowd.writes(items, false);
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
