package dev.trunkline.bench;

import dev.trunkline.bench.DatabaseServer.Database;
import dev.trunkline.bench.Results.Value;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Something to measure.
 *
 * @param name as it is chosen by and reported under
 * @param whom it can be asked of
 */
record Scenario(String name, Predicate<Contenders> whom, Measurement measure) {

  private static final int BYTES = 100;
  private static final int WARM_UP = 100_000;
  private static final int WARM_UPS = 2;
  private static final int PEER_CALLERS = 16;
  private static final int CONNECTIONS = 64;
  private static final Duration WHILE_SUBMITTING = Duration.ofSeconds(10);
  private static final Duration WHILE_IDLE = Duration.ofSeconds(30);

  static List<Scenario> all(int tasks) {
    return List.of(
        new Scenario(
            "drain",
            _ -> true,
            (who, database, most) -> drain(who, database, Math.min(tasks, most))),
        new Scenario(
            "held", _ -> true, (who, database, most) -> held(who, database, Math.min(tasks, most))),
        new Scenario("submit", who -> !who.isPlain(), (who, _, _) -> submit(who)),
        new Scenario("bulk", Contenders::isOurs, (who, _, _) -> bulk(who, tasks)),
        new Scenario("latency", who -> !who.isPlain(), (who, _, _) -> latency(who)),
        new Scenario(
            "idle", who -> !who.isPlain(), (who, database, most) -> idle(who, database, most)));
  }

  boolean suits(Contenders contender) {
    return whom.test(contender);
  }

  List<Value> run(Contender contender, Database database, int most) {
    return measure.of(contender, database, most);
  }

  private static List<Value> drain(Contender contender, Database database, int tasks) {
    warmUp(contender, tasks);
    Count loaded = contender.load(tasks, BYTES);
    Server before = Server.of(database);
    Count drained = checked(contender.drain(tasks), tasks);
    List<Value> values = new ArrayList<>();
    values.add(new Value("submitted in bulk", "tasks/s", loaded.rate()));
    values.add(new Value("drained", "tasks/s", drained.rate()));
    values.addAll(Server.of(database).since(before, tasks));
    return values;
  }

  private static void warmUp(Contender contender, int tasks) {
    int each = Math.min(WARM_UP, tasks);
    for (int i = 0; i < WARM_UPS; i++) {
      contender.load(each, BYTES);
      contender.drain(each);
    }
  }

  /** All that is measured, and as much before it, goes by under somebody's open transaction. */
  private static List<Value> held(Contender contender, Database database, int tasks) {
    warmUp(contender, tasks);
    try (Connection holder = database.connect()) {
      holder.setAutoCommit(false);
      holder.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      holder.createStatement().executeQuery("select 1").close();
      contender.load(tasks, BYTES);
      contender.drain(tasks);
      contender.load(tasks, BYTES);
      Count drained = checked(contender.drain(tasks), tasks);
      return List.of(new Value("drained under a held transaction", "tasks/s", drained.rate()));
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<Value> submit(Contender contender) {
    int callers = contender instanceof Trunkline ? CONNECTIONS : PEER_CALLERS;
    contender.submit(callers, WHILE_SUBMITTING, BYTES);
    Count submitted = contender.submit(callers, WHILE_SUBMITTING, BYTES);
    List<Value> values = new ArrayList<>();
    values.add(new Value("submitted one by one", "tasks/s", submitted.rate()));
    if (contender instanceof Trunkline ours) {
      Count without = ours.withoutSql(callers, WHILE_SUBMITTING, BYTES);
      values.add(new Value("the same without SQL", "requests/s", without.rate()));
    }
    return values;
  }

  private static List<Value> bulk(Contender contender, int tasks) {
    Trunkline ours = (Trunkline) contender;
    ours.inProcess(WARM_UP, BYTES);
    return List.of(
        new Value("TaskQueue in batches", "tasks/s", ours.inProcess(tasks, BYTES).rate()));
  }

  private static List<Value> latency(Contender contender) {
    Latency latency = contender.latency(50, Duration.ofSeconds(20), BYTES);
    return List.of(
        new Value("start after submission, p50", "ms", latency.p50()),
        new Value("start after submission, p99", "ms", latency.p99()),
        new Value("start after submission, max", "ms", latency.max()));
  }

  private static List<Value> idle(Contender contender, Database database, int most) {
    contender.load(Math.min(1_000, most), BYTES);
    contender.drain(Math.min(1_000, most));
    Thread idling = Thread.ofPlatform().start(() -> contender.idle(WHILE_IDLE.plusSeconds(5)));
    try {
      Thread.sleep(Duration.ofSeconds(4));
      Server before = Server.of(database);
      Duration used = contender.process().info().totalCpuDuration().orElse(Duration.ZERO);
      Thread.sleep(WHILE_IDLE.minusSeconds(1));
      List<Value> values = Server.of(database).each(before, WHILE_IDLE.minusSeconds(1));
      Duration later = contender.process().info().totalCpuDuration().orElse(Duration.ZERO);
      idling.join();
      List<Value> all = new ArrayList<>(values);
      double share = later.minus(used).toNanos() / (double) WHILE_IDLE.minusSeconds(1).toNanos();
      all.add(new Value("processor while idle", "% of a core", 100 * share));
      return all;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static Count checked(Count drained, int tasks) {
    if (drained.tasks() != tasks) {
      throw new IllegalStateException(drained.tasks() + " of " + tasks + " tasks were run");
    }
    return drained;
  }

  /** What the server has counted so far. */
  private record Server(double commits, double wal, double dead) {

    static Server of(Database database) {
      // Counts of a session that is still there reach the statistics a second later.
      try {
        Thread.sleep(Duration.ofMillis(1_100));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
      return new Server(
          database.number(
              "select xact_commit + xact_rollback from pg_stat_database"
                  + " where datname = current_database()"),
          database.number("select pg_current_wal_lsn() - '0/0'::pg_lsn"),
          database.number("select sum(n_dead_tup) from pg_stat_user_tables"));
    }

    List<Value> since(Server before, int tasks) {
      return List.of(
          new Value("transactions a task", "", (commits - before.commits) / tasks),
          new Value("WAL a task", "bytes", (wal - before.wal) / tasks),
          new Value("dead rows a task", "", (dead - before.dead) / tasks));
    }

    List<Value> each(Server before, Duration duration) {
      return List.of(
          new Value(
              "transactions while idle", "1/s", (commits - before.commits) / duration.toSeconds()));
    }
  }

  private interface Measurement {
    List<Value> of(Contender contender, Database database, int most);
  }
}
