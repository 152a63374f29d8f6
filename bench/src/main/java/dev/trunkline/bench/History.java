package dev.trunkline.bench;

import dev.trunkline.bench.Scenario.Turn;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * What a long life leaves in the tables: tasks that are finished, and a tenth as many each that are
 * due next week in the queue that is drained, and that are due in another queue, which is paused.
 * Made by SQL, as the service and plain SQL would have left them; peers get what is due next week.
 */
final class History {

  private static final int PORTION = 50_000;
  private static final int CONNECTIONS = 2;

  private static final String FINISHED =
      """
      insert into trunkline.task (id, type, queue, priority, payload, max_attempts, attempt_limit,
        timeout, run_at, created_at, state, result, worker, started_at, finished_at)
      select uuidv7(at - clock_timestamp()), 'noop', 'default', 5, '%1$s', 5, 5, '1 minute', at, at,
        'succeeded', '%1$s', 'bench', at + interval '1 ms', at + interval '2 ms'
      from (select now() - interval '1 hour' + n * interval '1 us' as at
        from generate_series(%2$d, %3$d) as n) as moments
      """;

  private static final String OPEN =
      """
      with stored as (
        insert into trunkline.task (id, type, queue, priority, payload, max_attempts, attempt_limit,
          timeout, run_at, created_at)
        select uuidv7(), 'noop', '%4$s', 5, '%1$s', 5, 5, '1 minute',
          now() + interval '%5$s' + n * interval '1 us', now()
        from generate_series(%2$d, %3$d) as n
        returning id, queue, run_at
      )
      insert into trunkline.ready (queue, priority, due, task_id, type)
      select queue, 5, run_at, id, 'noop' from stored
      """;

  private static final String PLAIN_FINISHED =
      """
      insert into task (id, queue, payload, state, result, started_at, finished_at)
      select uuidv7(interval '-1 hour'), 'default', '%1$s', 'succeeded', '%1$s', now(), now()
      from generate_series(%2$d, %3$d)
      """;

  private static final String PLAIN_OPEN =
      """
      with stored as (
        insert into task (id, queue, payload)
        select uuidv7(), '%4$s', '%1$s' from generate_series(%2$d, %3$d)
        returning id, queue
      )
      insert into ready (queue, due, task_id)
      select queue, now() + interval '%5$s', id from stored
      """;

  private History() {}

  /** Minutes for ten million. */
  static void fill(Turn turn) {
    int finished = turn.sizes().history();
    int open = finished / 10;
    switch (turn.contender()) {
      case Trunkline _ -> {
        turn.database()
            .update("insert into trunkline.queue (name, paused_at) values ('paused', now())");
        fill(turn, finished, FINISHED, "default", "");
        fill(turn, open, OPEN, "default", "7 days");
        fill(turn, open, OPEN, "paused", "-1 hour");
      }
      case PlainSql _ -> {
        fill(turn, finished, PLAIN_FINISHED, "default", "");
        fill(turn, open, PLAIN_OPEN, "default", "7 days");
        fill(turn, open, PLAIN_OPEN, "paused", "-1 hour");
      }
      default -> turn.contender().schedule(open, Sizes.BYTES);
    }
    turn.database().update("vacuum (analyze)");
    turn.database().update("checkpoint");
  }

  /** In portions, on as many connections as there are cores to keep busy. */
  private static void fill(Turn turn, int tasks, String sql, String queue, String due) {
    List<CompletableFuture<Void>> all = new ArrayList<>();
    for (int i = 0; i < CONNECTIONS; i++) {
      int first = i * PORTION;
      all.add(
          CompletableFuture.runAsync(
              () -> portions(turn, first, tasks, sql, queue, due), Thread::startVirtualThread));
    }
    all.forEach(CompletableFuture::join);
  }

  private static void portions(
      Turn turn, int first, int tasks, String sql, String queue, String due) {
    String payload = Payloads.ofBytes(Sizes.BYTES);
    try (Connection connection = turn.database().observe()) {
      connection.createStatement().execute("set synchronous_commit = off");
      for (int from = first; from < tasks; from += CONNECTIONS * PORTION) {
        int to = Math.min(from + PORTION, tasks) - 1;
        connection.createStatement().execute(sql.formatted(payload, from, to, queue, due));
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
