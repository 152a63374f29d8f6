package dev.trunkline.maintain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trunkline.claim.RemoteClaims;
import dev.trunkline.config.TestConfig;
import dev.trunkline.database.Tasks;
import dev.trunkline.database.TestDatabase;
import dev.trunkline.execute.Fired;
import dev.trunkline.finish.AttemptEnd;
import dev.trunkline.finish.AttemptEnd.Kind;
import dev.trunkline.finish.Ends;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** However a task ends: its callback comes into being in the transaction that ends it. */
class CallbackEndsSqlTest {

  private static final TestDatabase DATABASE = TestDatabase.fresh();

  private final Tasks tasks =
      Tasks.in(DATABASE).maxAttempts(1).callback("https://client.example/hook");

  /** The ways to a final state. */
  enum Way {
    SUCCEEDED,
    FAILED,
    REJECTED,
    CANCELLED,
    EXPIRED,
    WORKER_LOST,
    LEASE_OVER,
    BY_HAND
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void the_delivery_is_made_by_the_transaction_that_makes_the_task_final(Way way) {
    UUID task = ended(way);

    assertThat(
            DATABASE.rows(
                """
                select t.state <> 'open' as ended, w.type, d.finished_at = t.finished_at as of_it,
                  t.xmin = d.xmin and t.xmin = w.xmin and t.xmin = r.xmin as together
                from trunkline.task t
                join trunkline.callback_delivery d on d.task_id = t.id
                join trunkline.task w on w.id = d.delivery_id
                join trunkline.ready r on r.task_id = w.id
                where t.id = ?
                """,
                task))
        .singleElement()
        .isEqualTo(
            Map.of("ended", true, "type", "callback.deliver", "of_it", true, "together", true));
  }

  private UUID ended(Way way) {
    return switch (way) {
      case SUCCEEDED -> written(Way.SUCCEEDED, tasks.one());
      case FAILED -> written(Way.FAILED, tasks.one());
      case REJECTED -> written(Way.REJECTED, tasks.one());
      case CANCELLED -> written(Way.CANCELLED, tasks.one());
      case EXPIRED -> expired(tasks.expiresIn(Duration.ofSeconds(-1)).one());
      case WORKER_LOST -> lost(tasks.one());
      case LEASE_OVER -> over(tasks.one());
      case BY_HAND -> byHand(tasks.one());
    };
  }

  private static UUID written(Way way, UUID task) {
    AttemptEnd end =
        way == Way.SUCCEEDED
            ? Ends.success(task, 1)
            : Ends.setback(task, 1, Kind.valueOf(way.name()));
    DATABASE.inTransaction(it -> Ends.writer(it).write(List.of(end), List.of()));
    return task;
  }

  private static UUID expired(UUID task) {
    DATABASE.inTransaction(it -> new Expirer(it).runOnce());
    return task;
  }

  private static UUID lost(UUID task) {
    UUID worker = Tasks.worker(DATABASE, "w1");
    Tasks.lease(DATABASE, worker, List.of(task));
    Tasks.silence(DATABASE, worker);
    DATABASE.inTransaction(
        it -> {
          Rescuer rescuer =
              new Rescuer(
                  it, Ends.writer(it), new SimpleMeterRegistry(), TestConfig.with(Map.of()));
          rescuer.declareDead();
          return rescuer.runOnce();
        });
    return task;
  }

  private static UUID over(UUID task) {
    assertThat(RemoteClaims.ofType("test").idsOn(DATABASE)).contains(task);
    DATABASE.update("update trunkline.remote_lease set expires_at = now() - interval '1 ms'");
    DATABASE.inTransaction(
        it ->
            new ExpiredLeases(
                    it,
                    Ends.writer(it),
                    new Fired<>(),
                    new SimpleMeterRegistry(),
                    TestConfig.with(Map.of()))
                .runOnce());
    return task;
  }

  /** As somebody repairs things in psql, or an older version of the service does. */
  private static UUID byHand(UUID task) {
    DATABASE.update(
        """
        with gone as (delete from trunkline.ready where task_id = ? returning task_id)
        update trunkline.task set state = 'cancelled', finished_at = clock_timestamp()
        where id in (select task_id from gone)
        """,
        task);
    return task;
  }
}
