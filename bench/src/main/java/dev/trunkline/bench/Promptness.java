package dev.trunkline.bench;

import dev.trunkline.bench.HttpLoad.Post;
import dev.trunkline.bench.Results.Value;
import dev.trunkline.bench.Scenario.Turn;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** How soon something happens to a task. */
final class Promptness {

  private static final int RATE = 50;
  private static final Duration WARM_UP = Duration.ofSeconds(5);
  private static final String LAST_END =
      "select extract(epoch from max(finished_at) - '%s') from trunkline.task";

  private Promptness() {}

  static List<Value> latency(Turn turn) {
    return values(
        "start after submission",
        turn.contender().latency(RATE, turn.sizes().steady(), Sizes.BYTES));
  }

  /** Of tasks that a process takes which runs none. */
  static List<Value> replica(Turn turn) {
    Trunkline ours = turn.ours();
    ours.start(Map.of("trunkline.worker.enabled", "false"), Launch.java());
    return values(
        "start after submission to a replica",
        ours.latency(ours.last(), RATE, turn.sizes().steady(), Sizes.BYTES));
  }

  /** At half the rate at which tasks are taken, run and finished at full speed. */
  static List<Value> half(Turn turn) {
    double maximum = maximum(turn);
    Latency latency =
        turn.contender().latency((int) (maximum / 2), turn.sizes().steady(), Sizes.BYTES);
    List<Value> values =
        new ArrayList<>(values("start after submission at half the maximum rate", latency));
    values.add(new Value("submitted, run and finished at full speed", "tasks/s", maximum));
    return values;
  }

  /** Finished a second, from the first submission to the last end; what comes before warms up. */
  private static double maximum(Turn turn) {
    Trunkline ours = turn.ours();
    StartTimes times = new StartTimes(turn.database());
    ours.resume();
    try {
      Submitting.warmUp(turn, Submitting.CONNECTIONS);
      times.awaitEmpty();
      String start = turn.database().text("select clock_timestamp()");
      Count submitted =
          turn.contender().submit(Submitting.CONNECTIONS, turn.sizes().submitting(), Sizes.BYTES);
      times.awaitEmpty();
      return submitted.tasks() / turn.database().number(LAST_END.formatted(start));
    } finally {
      ours.pause();
    }
  }

  static List<Value> roundTrip(Turn turn) {
    Trunkline ours = turn.ours();
    Post post =
        new Post(
            Trunkline.TASKS,
            Map.of("Prefer", "wait=10"),
            Buffer.buffer(Trunkline.noop(Sizes.BYTES)),
            200);
    ours.resume();
    try (HttpLoad load = new HttpLoad(ours.first().port(), Submitting.CONNECTIONS)) {
      load.roundTrips(RATE, WARM_UP, post);
      return values(
          "submission to final state",
          Latency.of(load.roundTrips(RATE, turn.sizes().steady(), post)));
    } finally {
      ours.pause();
    }
  }

  private static List<Value> values(String what, Latency latency) {
    return List.of(
        new Value(what + ", p50", "ms", latency.p50()),
        new Value(what + ", p99", "ms", latency.p99()),
        new Value(what + ", max", "ms", latency.max()));
  }
}
