package dev.trunkline.bench.report;

import static dev.trunkline.bench.report.Goal.Bound.AT_LEAST;
import static dev.trunkline.bench.report.Goal.Bound.AT_MOST;
import static dev.trunkline.bench.report.Goal.Bound.LESS_THAN;
import static dev.trunkline.bench.report.Goal.Bound.MORE_THAN;

import dev.trunkline.bench.report.Figures.Series;
import dev.trunkline.bench.report.Goal.Bound;
import dev.trunkline.bench.report.Goal.Reading;
import dev.trunkline.bench.report.Goal.Source;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The goals of the service for its speed, on two cores with the database on them. */
final class Goals {

  private static final Series DRAINED = new Series("drain", "drained");
  private static final Series IN_BULK = new Series("drain", "submitted in bulk");
  private static final Series HELD = new Series("held", "drained under a held transaction");
  private static final Series ONE_BY_ONE = new Series("submit", "submitted one by one");
  private static final Series TASK_QUEUE = new Series("bulk", "TaskQueue in batches");
  private static final Series DRAINING = new Series("drain", "transactions a task");
  private static final Series ALL = new Series("cost", "transactions a task");

  private Goals() {}

  static List<Goal> all() {
    return Stream.of(draining(), submitting(), starting(), underLoad(), costs())
        .flatMap(List::stream)
        .toList();
  }

  private static List<Goal> draining() {
    Source drained = ours(DRAINED);
    return List.of(
        goal("draining, beside the fastest peer", AT_LEAST, 1.3, drained, fastest(DRAINED, "")),
        goal("draining, beside pg-boss", AT_LEAST, 2, drained, fastest(DRAINED, "pg-boss")),
        goal(
            "draining, beside db-scheduler",
            AT_LEAST,
            6,
            drained,
            fastest(DRAINED, "db-scheduler")),
        goal("draining, beside the fastest plain SQL", AT_LEAST, 0.7, drained, plain(DRAINED, "")),
        goal(
            "draining, beside plain SQL in batches of 100",
            AT_LEAST,
            0.7,
            drained,
            plain(DRAINED, "100")));
  }

  private static List<Goal> submitting() {
    Source without = ours(new Series("submit", "the same without SQL"));
    return List.of(
        goal(
            "submitting one by one over HTTP, beside any peer's library",
            MORE_THAN,
            1,
            ours(ONE_BY_ONE),
            fastest(ONE_BY_ONE, "")),
        goal(
            "submitting one by one over HTTP, beside the same without SQL",
            AT_LEAST,
            0.6,
            ours(ONE_BY_ONE),
            without),
        goal("NDJSON, beside plain SQL", AT_LEAST, 0.5, ours(IN_BULK), plain(IN_BULK, "100")),
        goal("NDJSON, beside any peer's bulk", MORE_THAN, 1, ours(IN_BULK), fastest(IN_BULK, "")),
        goal("TaskQueue, beside plain SQL", AT_LEAST, 0.5, ours(TASK_QUEUE), plain(IN_BULK, "100")),
        goal(
            "TaskQueue, beside any peer's bulk",
            MORE_THAN,
            1,
            ours(TASK_QUEUE),
            fastest(IN_BULK, "")));
  }

  private static List<Goal> starting() {
    return List.of(
        atMost(0.5, "ms", "latency", "start after submission, p50"),
        atMost(1.6, "ms", "latency", "start after submission, p99"),
        atMost(1.5, "ms", "replica", "start after submission to a replica, p50"),
        atMost(5, "ms", "replica", "start after submission to a replica, p99"),
        atMost(50, "ms", "half", "start after submission at half the maximum rate, p99"),
        atMost(8, "ms", "roundtrip", "submission to final state, p50"),
        atMost(30, "ms", "roundtrip", "submission to final state, p99"));
  }

  private static List<Goal> underLoad() {
    return List.of(
        pair(
            "draining under a held transaction, beside without",
            0.9,
            "held",
            "drained under a held transaction",
            "drained without it"),
        goal(
            "draining under a held transaction, beside the best peer",
            AT_LEAST,
            4,
            ours(HELD),
            fastest(HELD, "")),
        pair("draining beside a long history", 0.9, "full", "drained beside it", "drained before"),
        pair(
            "draining a thousand queues, beside one",
            0.7,
            "queues",
            "drained from many queues",
            "drained from one queue"),
        pair(
            "draining with three processes, beside one",
            1,
            "processes",
            "drained by three processes",
            "drained by one process"));
  }

  private static List<Goal> costs() {
    return List.of(
        atMost(1, "per second", "idle", "statements while idle"),
        atMost(0.5, "% of a core", "idle", "processor while idle"),
        fewest("fewest transactions a task of all, drained", DRAINING),
        fewest("fewest transactions a task of all, submitted in bulk and drained", ALL),
        atMost(0.9, "s", "start", "start with the schema in place, AOT cache, told to be small"),
        atMost(200, "MB", "start", "resident when idle, with AOT cache, told to be small"),
        atMost(0.9, "s", "start", "start of the native binary"),
        atMost(200, "MB", "start", "resident when idle, native binary"));
  }

  private static Goal fewest(String about, Series series) {
    return goal(
        about,
        LESS_THAN,
        1,
        ours(series),
        (figures, _) -> best(figures, series, Figures::isPeer, false));
  }

  private static Goal pair(String about, double bound, String scenario, String one, String other) {
    return goal(
        about, AT_LEAST, bound, ours(new Series(scenario, one)), ours(new Series(scenario, other)));
  }

  private static Goal goal(
      String about, Bound relation, double bound, Source measured, Source beside) {
    return new Goal(about, relation, bound, "×", measured, Optional.of(beside));
  }

  private static Goal atMost(double bound, String unit, String scenario, String what) {
    return new Goal(what, AT_MOST, bound, unit, ours(new Series(scenario, what)), Optional.empty());
  }

  private static Source ours(Series series) {
    return (figures, name) ->
        figures
            .of(series.scenario(), name, series.what())
            .map(summary -> new Reading(name, series.what(), summary));
  }

  private static Source fastest(Series series, String peer) {
    return (figures, _) ->
        best(figures, series, name -> Figures.isPeer(name) && name.startsWith(peer), true);
  }

  private static Source plain(Series series, String batch) {
    return (figures, _) ->
        best(figures, series, name -> Figures.isPlain(name) && name.endsWith(batch), true);
  }

  private static Optional<Reading> best(
      Figures figures, Series series, Predicate<String> whom, boolean highest) {
    return figures
        .best(series, whom, highest)
        .map(entry -> new Reading(entry.getKey(), series.what(), entry.getValue()));
  }
}
