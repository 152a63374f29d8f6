package dev.trunkline.bench;

import dev.trunkline.bench.Results.Value;
import dev.trunkline.bench.Scenario.Turn;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What a worker takes from the server and the processor. */
final class Costs {

  private static final int DRAINS = 5;

  /** Until the compiler is done with what has run, and the server with counting it. */
  private static final Duration SETTLING = Duration.ofSeconds(90);

  private Costs() {}

  /** Of a worker that has run something, and then finds nothing. */
  static List<Value> idle(Turn turn) {
    int tasks = Math.min(1_000, turn.most());
    turn.contender().load(tasks, Sizes.BYTES);
    turn.contender().drain(tasks);
    Duration whole = SETTLING.plus(turn.sizes().idling()).plusSeconds(3);
    Thread idling = Thread.ofPlatform().start(() -> turn.contender().idle(whole));
    Waiting.sleep(SETTLING);
    List<Value> values = idling(turn);
    try {
      idling.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
    return values;
  }

  private static List<Value> idling(Turn turn) {
    Counters before = Counters.now(turn.database());
    Duration used = processorTime(turn);
    long start = System.nanoTime();
    Waiting.sleep(turn.sizes().idling());
    double seconds = (System.nanoTime() - start) / 1e9;
    double share = processorTime(turn).minus(used).toNanos() / 1e9 / seconds;
    List<Value> values = new ArrayList<>(Counters.now(turn.database()).whileIdle(before, seconds));
    values.add(new Value("processor while idle", "% of a core", 100 * share));
    return values;
  }

  private static Duration processorTime(Turn turn) {
    return turn.contender().process().info().totalCpuDuration().orElse(Duration.ZERO);
  }

  /** From the first submission to the last end; dead rows are those that are left. */
  static List<Value> cost(Turn turn) {
    int tasks = DRAINS * turn.tasks();
    double size = size(turn);
    Counters before = Counters.before(turn.database());
    for (int i = 0; i < DRAINS; i++) {
      turn.contender().load(turn.tasks(), Sizes.BYTES);
      turn.contender().drain(turn.tasks());
    }
    Counters after = Counters.after(turn.database());
    List<Value> values = new ArrayList<>(after.aTask(before, tasks));
    values.add(new Value("dead rows left", "", after.dead()));
    values.add(new Value("disk a task", "bytes", (size(turn) - size) / tasks));
    values.add(new Value("tasks", "", tasks));
    return values;
  }

  private static double size(Turn turn) {
    return turn.database().number("select pg_database_size(current_database())");
  }
}
