package dev.trunkline.bench.report;

import dev.trunkline.bench.report.Figures.Series;
import java.util.List;
import java.util.stream.Stream;

/**
 * A scenario in the report.
 *
 * @param charted what has a table of its own with ratios, and bars in the chart; those of {@code
 *     bulk} are another scenario's besides, to be seen beside its own
 * @param paired whether the first of these is what each contender's others are compared with
 * @param logarithmic whether the chart's axis is
 */
record Section(
    String scenario,
    String title,
    String about,
    List<Series> charted,
    boolean paired,
    boolean logarithmic) {

  static List<Section> all() {
    return Stream.of(draining(), submitting(), waiting(), costs()).flatMap(List::stream).toList();
  }

  private static List<Section> draining() {
    return List.of(
        rates(
            "drain",
            "Draining a queue",
            "Queued tasks that do nothing are run until the last one is done; the more the better.",
            "drained"),
        pair(
            "held",
            "Draining under a transaction that is held open",
            """
            The same in one process, before another session opens a transaction, and while it holds it
            open and as many tasks have gone by under it: what they leave behind cannot be cleaned
            up.\
            """,
            "drained without it",
            "drained under a held transaction"),
        pair(
            "full",
            "Draining beside a long history",
            """
            The same in one process before and after its tables are filled: with finished tasks, and
            a tenth as many each that are due next week and that wait in a paused queue. Of the peers
            only those that are due next week, since most of them delete what is finished.\
            """,
            "drained before",
            "drained beside it"),
        pair(
            "queues",
            "Draining many queues",
            "As many tasks, in one queue and then spread evenly over a thousand.",
            "drained from one queue",
            "drained from many queues"),
        pair(
            "processes",
            "Draining with three processes",
            "One process, and then two more beside it.",
            "drained by one process",
            "drained by three processes"),
        rates(
            "payload10k",
            "Payloads of 10 kB",
            """
            Draining, and submitting in bulk, with payloads of 10,000 bytes that do not compress. What
            Trunkline's task answers is its payload, which is stored a second time then, as plain SQL
            does; peers store no results. Beside it, with results of some bytes.\
            """,
            "drained with 10 kB",
            "drained with 10 kB, with short results",
            "submitted in bulk with 10 kB",
            "TaskQueue in batches with 10 kB"));
  }

  private static List<Section> submitting() {
    return List.of(
        rates(
            "submit",
            "Submitting one by one",
            """
            Trunkline over HTTP on 64 connections; the peers by their libraries, inside one process,
            from 16 callers with a connection each. Beside it, what the service answers when it does
            the same but for the SQL.\
            """,
            "submitted one by one",
            "the same without SQL"),
        new Section(
            "bulk",
            "Submitting in bulk",
            """
            Trunkline as NDJSON over HTTP, and by `TaskQueue.submitEach` in batches of five hundred;
            the peers by their libraries' calls for many, with up to ten thousand at once; plain SQL in
            batches of its size, on two connections.\
            """,
            List.of(
                new Series("drain", "submitted in bulk"),
                new Series("bulk", "TaskQueue in batches")),
            false,
            false));
  }

  private static List<Section> waiting() {
    return List.of(
        times(
            "latency",
            "Start after submission",
            """
            From the answer to the start of the handler, 50 tasks a second, an idle worker. A handler
            may begin before the answer has arrived: then the time is negative.\
            """,
            "start after submission, p50",
            "start after submission, p99"),
        times(
            "replica",
            "Start after submission to another replica",
            "The same, where another process that runs nothing took the submission.",
            "start after submission to a replica, p50",
            "start after submission to a replica, p99"),
        times(
            "half",
            "Start after submission under load",
            """
            The same at half the rate at which tasks are submitted over HTTP, run and finished when
            64 connections submit as fast as they are answered.\
            """,
            "start after submission at half the maximum rate, p50",
            "start after submission at half the maximum rate, p99"),
        times(
            "roundtrip",
            "From submission to final state",
            """
            A client submits over HTTP with `Prefer: wait`, and has the finished task in the answer;
            50 tasks a second.\
            """,
            "submission to final state, p50",
            "submission to final state, p99"));
  }

  private static List<Section> costs() {
    return List.of(
        rates(
            "start",
            "Starting",
            """
            From the start of the process until `/q/health/ready` is UP: on an empty database, with
            the schema in place, and with the ahead-of-time cache of the JDK, which a start before it
            has written. Then what is resident of the process after a while of idling, told to be small as in
            `docs/operations.md` or not.\
            """,
            "first start",
            "start with the schema in place",
            "start with the schema in place and AOT cache",
            "start with the schema in place, AOT cache, told to be small",
            "start of the native binary"),
        rates(
            "idle",
            "Idling",
            "A worker that has found nothing to do for a minute and a half, in the half minute"
                + " after."),
        rates(
            "cost",
            "What a task costs the database",
            """
            Over five times the number of tasks, submitted in bulk and drained: statements as
            `pg_stat_statements` counts them (without begin and commit), transactions, WAL, and the
            dead rows that are left at the end.\
            """));
  }

  private static Section rates(String scenario, String title, String about, String... charted) {
    return new Section(scenario, title, about, series(scenario, charted), false, false);
  }

  private static Section pair(
      String scenario, String title, String about, String one, String other) {
    return new Section(scenario, title, about, series(scenario, one, other), true, false);
  }

  private static Section times(String scenario, String title, String about, String... charted) {
    return new Section(scenario, title, about, series(scenario, charted), false, true);
  }

  private static List<Series> series(String scenario, String... whats) {
    return Stream.of(whats).map(what -> new Series(scenario, what)).toList();
  }
}
