package dev.trunkline.bench;

import dev.trunkline.bench.Results.Value;
import dev.trunkline.bench.Scenario.Turn;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** How fast queued tasks are run, as they are and under what a queue has to bear. */
final class Draining {

  private static final int WARM_UP = 100_000;
  private static final int WARM_UPS = 3;
  private static final int PROCESSES = 3;

  private Draining() {}

  static List<Value> drain(Turn turn) {
    warmUp(turn);
    Count loaded = turn.contender().load(turn.tasks(), Sizes.BYTES);
    Counters before = Counters.before(turn.database());
    Count drained = checked(turn.contender().drain(turn.tasks()), turn.tasks());
    Counters after = Counters.after(turn.database());
    List<Value> values = new ArrayList<>();
    values.add(rate("drained", drained));
    values.add(rate("submitted in bulk", loaded));
    values.addAll(after.aTask(before, turn.tasks()));
    return values;
  }

  /** Before somebody opens a transaction, and under it after as many tasks have gone by. */
  static List<Value> held(Turn turn) {
    warmUp(turn);
    Count before = measured(turn);
    try (Connection holder = turn.database().connect()) {
      holder.setAutoCommit(false);
      holder.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      holder.createStatement().executeQuery("select 1").close();
      measured(turn);
      return List.of(
          rate("drained without it", before),
          rate("drained under a held transaction", measured(turn)));
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Before the tables are filled and after, in the same process. */
  static List<Value> full(Turn turn) {
    warmUp(turn);
    Count before = measured(turn);
    History.fill(turn);
    warmUpOnce(turn);
    return List.of(rate("drained before", before), rate("drained beside it", measured(turn)));
  }

  static List<Value> queues(Turn turn) {
    warmUp(turn);
    Count one = measured(turn);
    fromQueues(turn, Math.min(WARM_UP, turn.tasks()));
    Count many = fromQueues(turn, turn.tasks());
    return List.of(rate("drained from one queue", one), rate("drained from many queues", many));
  }

  private static Count fromQueues(Turn turn, int tasks) {
    turn.ours().load(tasks, Sizes.BYTES, turn.sizes().queues());
    return checked(turn.contender().drain(tasks), tasks);
  }

  static List<Value> processes(Turn turn) {
    warmUp(turn);
    Count one = measured(turn);
    for (int i = 1; i < PROCESSES; i++) {
      turn.ours().start(Map.of(), Launch.java());
    }
    // So that each of them has run as much as the first one had.
    for (int i = 0; i < PROCESSES; i++) {
      warmUp(turn);
    }
    return List.of(
        rate("drained by one process", one), rate("drained by three processes", measured(turn)));
  }

  /** A tenth of the tasks, which are a hundred times as large. */
  static List<Value> payload10k(Turn turn) {
    int tasks = Math.max(100, turn.tasks() / 10);
    for (int i = 0; i < WARM_UPS; i++) {
      turn.contender().load(tasks, Sizes.MANY_BYTES);
      turn.contender().drain(tasks);
    }
    Count loaded = turn.contender().load(tasks, Sizes.MANY_BYTES);
    Count drained = checked(turn.contender().drain(tasks), tasks);
    List<Value> values = new ArrayList<>();
    values.add(rate("drained with 10 kB", drained));
    values.add(rate("submitted in bulk with 10 kB", loaded));
    if (turn.contender() instanceof Trunkline ours) {
      values.add(rate("drained with 10 kB, with short results", withShortResults(ours, tasks)));
      ours.inProcess(tasks, Sizes.MANY_BYTES);
      values.add(rate("TaskQueue in batches with 10 kB", ours.inProcess(tasks, Sizes.MANY_BYTES)));
    }
    return values;
  }

  private static Count withShortResults(Trunkline ours, int tasks) {
    ours.loadClocks(tasks, Sizes.MANY_BYTES);
    ours.drain(tasks);
    ours.loadClocks(tasks, Sizes.MANY_BYTES);
    return checked(ours.drain(tasks), tasks);
  }

  private static void warmUp(Turn turn) {
    for (int i = 0; i < WARM_UPS; i++) {
      warmUpOnce(turn);
    }
  }

  private static void warmUpOnce(Turn turn) {
    int tasks = Math.min(WARM_UP, turn.tasks());
    turn.contender().load(tasks, Sizes.BYTES);
    turn.contender().drain(tasks);
  }

  private static Count measured(Turn turn) {
    turn.contender().load(turn.tasks(), Sizes.BYTES);
    return checked(turn.contender().drain(turn.tasks()), turn.tasks());
  }

  private static Value rate(String what, Count count) {
    return new Value(what, "tasks/s", count.rate());
  }

  private static Count checked(Count drained, int tasks) {
    if (drained.tasks() != tasks) {
      throw new IllegalStateException(drained.tasks() + " of " + tasks + " tasks were run");
    }
    return drained;
  }
}
