package dev.trunkline.bench;

import dev.trunkline.bench.DatabaseServer.Database;
import dev.trunkline.bench.Results.Value;
import java.util.List;
import java.util.function.Predicate;

/**
 * Something to measure.
 *
 * @param name as it is chosen by and reported under
 * @param whom it can be asked of
 * @param countsStatements whether the server is to count them, which slows everybody down a little
 */
record Scenario(
    String name, Predicate<Contenders> whom, boolean countsStatements, Measurement measure) {

  static List<Scenario> all() {
    return List.of(
        of("drain", _ -> true, Draining::drain),
        of("held", _ -> true, Draining::held),
        of("full", Contenders::isFast, Draining::full),
        of("queues", Contenders::isOurs, Draining::queues),
        of("processes", Contenders::isOurs, Draining::processes),
        of("payload10k", Contenders::isFast, Draining::payload10k),
        of("submit", who -> !who.isPlain(), Submitting::submit),
        of("bulk", Contenders::isOurs, Submitting::bulk),
        of("latency", who -> !who.isPlain(), Promptness::latency),
        of("replica", Contenders::isOurs, Promptness::replica),
        of("half", Contenders::isOurs, Promptness::half),
        of("roundtrip", Contenders::isOurs, Promptness::roundTrip),
        of("start", Contenders::isOurs, Starting::start),
        new Scenario("idle", who -> !who.isPlain(), true, Costs::idle),
        new Scenario("cost", _ -> true, true, Costs::cost));
  }

  private static Scenario of(String name, Predicate<Contenders> whom, Measurement measure) {
    return new Scenario(name, whom, false, measure);
  }

  boolean suits(Contenders contender) {
    return whom.test(contender);
  }

  List<Value> run(Turn turn) {
    return measure.of(turn);
  }

  /**
   * One contender, set up on a database that is empty but for its schema.
   *
   * @param most tasks that it is given at once
   */
  record Turn(Contender contender, Database database, int most, Sizes sizes) {

    /** Of one drain. */
    int tasks() {
      return Math.min(sizes.tasks(), most);
    }

    Trunkline ours() {
      return (Trunkline) contender;
    }
  }

  private interface Measurement {
    List<Value> of(Turn turn);
  }
}
