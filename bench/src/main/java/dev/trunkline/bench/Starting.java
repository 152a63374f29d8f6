package dev.trunkline.bench;

import dev.trunkline.bench.Results.Value;
import dev.trunkline.bench.Scenario.Turn;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** How long a process takes until it is ready, and what it holds when it has nothing to do. */
final class Starting {

  /** Written by the packaging where that is asked to, beside what it is for. */
  private static final Path PACKAGED = Launch.JAR.resolveSibling("app.aot");

  /** What docs/operations.md wants of a process that is idle for long. */
  private static final String[] SMALL = {
    "-XX:+UseSerialGC", "-Xms16m", "-XX:TrimNativeHeapInterval=10000"
  };

  private static final Path OWN = Path.of("bench", "target", "trunkline.aot");

  private Starting() {}

  static List<Value> start(Turn turn) {
    Trunkline ours = turn.ours();
    List<Value> values = new ArrayList<>();
    values.add(seconds("first start", ours.firstStart()));
    values.add(seconds("start with the schema in place", again(ours, Launch.java())));
    values.add(resident("resident when idle", turn));
    String cache = "-XX:AOTCache=" + cache(ours);
    Launch cached = Launch.java(cache);
    values.add(seconds("start with the schema in place and AOT cache", again(ours, cached)));
    values.add(resident("resident when idle, with AOT cache", turn));
    Launch small =
        Launch.java(Stream.concat(Stream.of(cache), Stream.of(SMALL)).toArray(String[]::new));
    values.add(
        seconds("start with the schema in place, AOT cache, told to be small", again(ours, small)));
    values.add(resident("resident when idle, with AOT cache, told to be small", turn));
    Launch.nativeBinary()
        .ifPresent(
            binary -> {
              values.add(seconds("start of the native binary", again(ours, binary)));
              values.add(resident("resident when idle, native binary", turn));
            });
    return values;
  }

  private static Duration again(Trunkline ours, Launch launch) {
    ours.stop();
    return ours.start(Map.of(), launch);
  }

  /** The one of the package, or one that a start of the same package writes when it ends. */
  private static Path cache(Trunkline ours) {
    if (Files.exists(PACKAGED)) {
      return PACKAGED;
    }
    OWN.toFile().delete();
    again(ours, Launch.java("-XX:AOTCacheOutput=" + OWN));
    ours.stop();
    Waiting.until(() -> Files.exists(OWN), Duration.ofMillis(100), "written: " + OWN);
    return OWN;
  }

  /**
   * After a while with a worker that finds nothing to do; the pages of other libraries included.
   */
  private static Value resident(String what, Turn turn) {
    Waiting.sleep(turn.sizes().idling());
    long pid = turn.contender().process().pid();
    String kilobytes = Conditions.field("/proc/" + pid + "/status", "VmRSS").replace(" kB", "");
    return new Value(what, "MB", Double.parseDouble(kilobytes) * 1_024 / 1e6);
  }

  private static Value seconds(String what, Duration duration) {
    return new Value(what, "s", duration.toNanos() / 1e9);
  }
}
