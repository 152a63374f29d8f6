package dev.trunkline.bench;

import dev.trunkline.bench.report.Parts;
import dev.trunkline.bench.report.ResultsFile;
import dev.trunkline.bench.report.ResultsFile.Failure;
import dev.trunkline.bench.report.ResultsFile.Invocation;
import dev.trunkline.bench.report.ResultsFile.Measured;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Everything that was measured, by this run and by those before it whose file it adds to; written
 * after each value, so that a run that is cut off has its results.
 */
final class Results {

  private final Options options;
  private final Path path;
  private final ResultsFile file;
  private volatile boolean ending;

  private Results(Options options, Path path, ResultsFile file) {
    this.options = options;
    this.path = path;
    this.file = file;
  }

  /**
   * Goes on with the results of its part that are there.
   *
   * @throws IllegalStateException where those are of another revision of the service, another
   *     machine, server or size, or another part has a scenario of this one: such numbers cannot
   *     stand in one table
   */
  static Results open(Options options, Map<String, String> server) {
    ResultsFile empty =
        new ResultsFile(
            Conditions.service(),
            Conditions.machine(),
            server,
            options.sizes().all(),
            new ArrayList<>(),
            new TreeMap<>(),
            new ArrayList<>(),
            new ArrayList<>());
    Path path = Parts.file(options.directory(), options.part());
    boolean goesOn = !options.fresh() && Files.exists(path);
    Results results = new Results(options, path, goesOn ? continued(empty, path) : empty);
    if (options.replace()) {
      results.file.remove(results::isChosen);
    }
    checkOthers(options);
    results.begin();
    return results;
  }

  /**
   * @throws IllegalStateException where another part has a scenario that was chosen, and is not to
   *     be replaced
   */
  private static void checkOthers(Options options) {
    others(options)
        .forEach(
            (part, results) -> {
              List<String> shared =
                  results.scenarios().stream().filter(options.scenarios()).toList();
              if (!shared.isEmpty() && !options.replace()) {
                throw new IllegalStateException(
                    "the part \"%s\" has results of %s: measure others, or say replace"
                        .formatted(part, String.join(", ", shared)));
              }
            });
  }

  private static SortedMap<String, ResultsFile> others(Options options) {
    SortedMap<String, ResultsFile> parts = Parts.read(options.directory()).byName();
    parts.remove(options.part());
    return parts;
  }

  /** Takes a scenario as a whole from all other parts, now that this one has a number of it. */
  private void takeFromOthers(String scenario) {
    others(options)
        .forEach(
            (part, results) -> {
              if (results.remove((theirs, _) -> theirs.equals(scenario))) {
                results.writeOrDelete(Parts.file(options.directory(), part));
              }
            });
  }

  private static ResultsFile continued(ResultsFile now, Path path) {
    ResultsFile before = ResultsFile.read(path);
    differs("revision", before.revision(), now.revision());
    differs("machine", before.machine(), now.machine());
    differs("server", before.server(), now.server());
    differs("sizes", before.sizes(), now.sizes());
    return before;
  }

  private static void differs(String what, Object before, Object now) {
    if (!before.equals(now)) {
      throw new IllegalStateException(
          "the results that are there have the %s %s, and this is %s: start anew with fresh, or in"
                  .formatted(what, before, now)
              + " another part=… or directory=…");
    }
  }

  private void begin() {
    Runtime.getRuntime().addShutdownHook(new Thread(() -> ending = true));
    String date = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    file.runs().add(new Invocation(date, Conditions.harness(), options.arguments()));
  }

  private boolean isChosen(String scenario, String contender) {
    return options.scenarios().test(scenario) && options.contenders().test(contender);
  }

  /** Rounds are counted on over all runs. */
  int lastRound() {
    IntStream measured = file.measured().stream().mapToInt(Measured::round);
    IntStream failed = file.failures().stream().mapToInt(Failure::round);
    return IntStream.concat(measured, failed).max().orElse(0);
  }

  void facts(String contender, Map<String, Object> facts) {
    file.contenders().put(contender, facts);
  }

  void add(String scenario, String contender, int round, Value value) {
    System.out.printf(
        "%s %d %-10s %-24s %-56s %,14.3f %s%n",
        time(), round, scenario, contender, value.what(), value.value(), value.unit());
    takeFromOthers(scenario);
    file.measured()
        .add(new Measured(scenario, contender, round, value.what(), value.unit(), value.value()));
    file.write(path);
  }

  /** What fails because the run is cut off says nothing about who was measured. */
  void failed(String scenario, String contender, int round, RuntimeException e) {
    if (ending) {
      return;
    }
    String why =
        Stream.<Throwable>iterate(e, t -> t != null, Throwable::getCause)
            .map(t -> String.valueOf(t.getMessage()))
            .distinct()
            .limit(3)
            .reduce((one, other) -> one + ": " + other)
            .orElseThrow();
    System.out.printf("%s %d %-10s %-24s failed: %s%n", time(), round, scenario, contender, why);
    file.failures().add(new Failure(scenario, contender, round, why));
    file.write(path);
  }

  private static String time() {
    return LocalTime.now(ZoneOffset.UTC).format(DateTimeFormatter.ofPattern("HH:mm:ss"));
  }

  /** One number. */
  record Value(String what, String unit, double value) {}
}
