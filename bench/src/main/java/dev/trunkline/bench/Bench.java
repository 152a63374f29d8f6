package dev.trunkline.bench;

import dev.trunkline.bench.DatabaseServer.Database;
import dev.trunkline.bench.report.Report;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Measures everybody on the same server, in turns and several times over: in each round all of them
 * come once for each scenario, every time on an empty database and in another order. The results
 * are added to those that are there, and the report is made again.
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
    if (!options.reportOnly()) {
      measure(options);
    }
    Report.write(options.directory());
    System.exit(0);
  }

  private static void measure(Options options) {
    try (DatabaseServer server = DatabaseServer.start()) {
      new Bench(options, server, Results.open(options, server.facts())).run();
    }
  }

  private void run() {
    int before = results.lastRound();
    for (int round = before + 1; round <= before + options.rounds(); round++) {
      for (Scenario scenario : Scenario.all()) {
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
      Database database = server.fresh("bench");
      if (scenario.countsStatements()) {
        Statements.count(database);
      }
      try (Contender contender = entry.on(database)) {
        results.facts(entry.name(), contender.setUp());
        scenario
            .run(new Scenario.Turn(contender, database, entry.most(), options.sizes()))
            .forEach(value -> results.add(scenario.name(), entry.name(), round, value));
      } catch (RuntimeException e) {
        // One that fails is told of in the results, and does not end the others' run.
        e.printStackTrace();
        results.failed(scenario.name(), entry.name(), round, e);
      }
    }
    server.drop("bench");
  }
}
