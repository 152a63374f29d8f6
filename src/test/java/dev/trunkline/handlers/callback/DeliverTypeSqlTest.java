package dev.trunkline.handlers.callback;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trunkline.database.TestDatabase;
import dev.trunkline.task.TaskType;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class DeliverTypeSqlTest {

  private static final TestDatabase DATABASE = TestDatabase.fresh();
  private static final TaskType<DeliverPayload, Delivered> TYPE = DeliverHandler.TYPE;

  @Test
  void the_database_makes_deliveries_as_their_type_says() {
    UUID delivery =
        DATABASE.value(
            UUID.class, "select trunkline.call_back(gen_random_uuid(), 'https://a', now(), null)");

    Map<String, Object> task =
        DATABASE.row(
            "select *, extract(epoch from timeout)::int as seconds from trunkline.task where id ="
                + " ?",
            delivery);
    assertThat(task)
        .containsEntry("type", TYPE.name())
        .containsEntry("queue", TYPE.queue())
        .containsEntry("priority", TYPE.priority())
        .containsEntry("max_attempts", TYPE.maxAttempts())
        .containsEntry("attempt_limit", TYPE.maxAttempts())
        .containsEntry("seconds", (int) TYPE.timeout().toSeconds());
    assertThat(DATABASE.count("select count(*) from trunkline.queue where name = ?", TYPE.queue()))
        .isEqualTo(1);
    assertThat(TYPE.internal()).isTrue();
  }

  @Test
  void the_attempts_reach_over_about_three_days() {
    RandomGenerator longest =
        new RandomGenerator() {
          @Override
          public long nextLong() {
            throw new UnsupportedOperationException();
          }

          @Override
          public long nextLong(long bound) {
            return bound - 1;
          }
        };
    Duration bounds = Duration.ZERO;
    for (int failures = 1; failures < TYPE.maxAttempts(); failures++) {
      bounds = bounds.plus(TYPE.retry().delayAfter(failures, longest));
    }

    assertThat(bounds.dividedBy(2)).isBetween(Duration.ofHours(60), Duration.ofHours(84));
  }
}
