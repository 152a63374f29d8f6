package dev.trunkline.remote;

import dev.trunkline.claim.RemoteClaims;
import dev.trunkline.database.TestDatabase;
import dev.trunkline.execute.Fired;
import dev.trunkline.finish.Ends;
import dev.trunkline.task.AttemptToken;
import dev.trunkline.task.TasksReady;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** What the service has for workers outside of it, on a database of the test's own. */
final class Outside {

  final TestDatabase database;
  final MeterRegistry meters = new SimpleMeterRegistry();
  final RemoteMetrics metrics = new RemoteMetrics(meters);
  final LeaseTokens tokens;
  final HeldWriter writer;
  final HeldLeases held;
  final Fired<TasksReady> ready = new Fired<>();

  Outside(TestDatabase database) {
    this.database = database;
    this.tokens = new LeaseTokens(database.dataSource());
    this.writer = transacting(database);
    this.held = new HeldLeases(tokens, writer, metrics, ready);
  }

  /** Leases a task under its first attempt, and answers the token. */
  String lease(UUID task) {
    if (!RemoteClaims.ofType("test").idsOn(database).contains(task)) {
      throw new AssertionError("not leased: " + task);
    }
    return tokens.seal(new AttemptToken(task, 1));
  }

  /** The time of the task's lease is over, and nobody has noticed yet. */
  void expire(UUID task) {
    database.update(
        """
        update trunkline.remote_lease set expires_at = clock_timestamp() - interval '1 ms'
        where task_id = ?
        """,
        task);
  }

  /** Says what can be said at the end of an attempt. */
  static HeldLeases.Completion completion(String token) {
    return new HeldLeases.Completion(token, "{\"done\": true}");
  }

  private static HeldWriter transacting(TestDatabase database) {
    return new HeldWriter(database.dataSource(), Ends.writer(database.dataSource())) {
      @Override
      List<Optional<HeldSql.Taken>> end(List<LeaseEnd> said) {
        return database.inTransaction(it -> new HeldWriter(it, Ends.writer(it)).end(said));
      }

      @Override
      List<Optional<Extended>> beat(List<Beat> beats) {
        return database.inTransaction(it -> new HeldWriter(it, Ends.writer(it)).beat(beats));
      }
    };
  }

  static Ask ask(Want want, int max, Duration patience) {
    return new Ask(want, "w1", max, Duration.ofSeconds(30), patience);
  }
}
