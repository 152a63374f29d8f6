package dev.trunkline.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Predicate;

/**
 * Measures everybody on the same server, in turns and several times over: in each round all of them
 * come once for each scenario, every time on an empty database and in another order.
 *
 * <p>{@code Bench [rounds=5] [scenarios=drain,…] [contenders=trunkline,…] [tasks=200000]}
 */
public final class Bench {

  private final Options options;
  private final DatabaseServer server;
  private final Results results;

  private Bench(Options options, DatabaseServer server, Results results) {
    this.options = options;
    this.server = server;
    this.results = results;
  }

  public static void main(String... args) {
    Options options = Options.of(args);
    try (DatabaseServer server = DatabaseServer.start()) {
      Results results = new Results(options.directory(), server.facts());
      new Bench(options, server, results).run();
    }
    System.exit(0);
  }

  private void run() {
    for (int round = 1; round <= options.rounds(); round++) {
      for (Scenario scenario : Scenario.all(options.tasks())) {
        if (options.scenarios().test(scenario.name())) {
          run(scenario, round);
        }
      }
    }
  }

  private void run(Scenario scenario, int round) {
    List<Contenders> all = new ArrayList<>(Contenders.all());
    all.removeIf(entry -> !options.contenders().test(entry.name()) || !scenario.suits(entry));
    Collections.rotate(all, round);
    for (Contenders entry : all) {
      DatabaseServer.Database database = server.fresh("bench");
      try (Contender contender = entry.on(database)) {
        results.facts(entry.name(), contender.setUp());
        scenario
            .run(contender, database, entry.most())
            .forEach(value -> results.add(scenario.name(), entry.name(), round, value));
      } catch (RuntimeException e) {
        // One that fails is told of in the results, and does not end the others' run.
        e.printStackTrace();
        results.failed(scenario.name(), entry.name(), round, e);
      }
    }
    server.drop("bench");
  }

  /**
   * @param tasks of one measured drain
   */
  private record Options(
      int rounds,
      int tasks,
      Predicate<String> scenarios,
      Predicate<String> contenders,
      Path directory) {

    static Options of(String... args) {
      return new Options(
          Integer.parseInt(value("rounds", "5", args)),
          Integer.parseInt(value("tasks", "200000", args)),
          among(value("scenarios", "", args)),
          among(value("contenders", "", args)),
          Path.of(value("directory", "bench/target/results", args)));
    }

    private static String value(String name, String otherwise, String... args) {
      for (String arg : args) {
        if (arg.startsWith(name + "=")) {
          return arg.substring(name.length() + 1);
        }
      }
      return otherwise;
    }

    private static Predicate<String> among(String names) {
      List<String> wanted = List.of(names.split(","));
      return name -> names.isEmpty() || wanted.contains(name);
    }
  }
}
