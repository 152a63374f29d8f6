package dev.trunkline.bench;

import dev.trunkline.bench.Results.Value;
import dev.trunkline.bench.Scenario.Turn;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** How fast tasks are taken while no worker runs. */
final class Submitting {

  static final int CONNECTIONS = 64;

  private static final int PEER_CALLERS = 16;
  private static final int WARM_UP = 100_000;
  private static final int WARM_UP_TIMES = 3;

  private Submitting() {}

  /** One by one; what comes before is to warm up. */
  static List<Value> submit(Turn turn) {
    int callers = turn.contender() instanceof Trunkline ? CONNECTIONS : PEER_CALLERS;
    Duration duration = turn.sizes().submitting();
    warmUp(turn, callers);
    Count submitted = turn.contender().submit(callers, duration, Sizes.BYTES);
    List<Value> values = new ArrayList<>();
    values.add(new Value("submitted one by one", "tasks/s", submitted.rate()));
    if (turn.contender() instanceof Trunkline ours) {
      ours.withoutSql(callers, duration.dividedBy(2), Sizes.BYTES);
      Count without = ours.withoutSql(callers, duration, Sizes.BYTES);
      values.add(new Value("the same without SQL", "tasks/s", without.rate()));
    }
    return values;
  }

  /** A JVM compiles for half a minute, on the same two cores. */
  static void warmUp(Turn turn, int callers) {
    Duration duration = turn.sizes().submitting().multipliedBy(WARM_UP_TIMES);
    turn.contender().submit(callers, duration, Sizes.BYTES);
  }

  static List<Value> bulk(Turn turn) {
    int tasks = turn.sizes().tasks();
    turn.ours().inProcess(Math.min(WARM_UP, tasks), Sizes.BYTES);
    Count stored = turn.ours().inProcess(tasks, Sizes.BYTES);
    return List.of(new Value("TaskQueue in batches", "tasks/s", stored.rate()));
  }
}
