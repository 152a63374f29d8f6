package dev.trunkline.bench.report;

import dev.trunkline.bench.report.ResultsFile.Measured;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What one report is made of. Each part has a file of its own, with a revision and a machine of its
 * own.
 *
 * @param byName the name of the first part is empty
 */
public record Parts(SortedMap<String, ResultsFile> byName) {

  private static final Pattern FILE = Pattern.compile("results(?:-([A-Za-z0-9]+))?\\.json");

  /** What one of them is compared with stands in the other. */
  private static final List<String> TOGETHER = List.of("drain", "bulk");

  /**
   * @param part letters and digits, or empty
   */
  public static Path file(Path directory, String part) {
    String name = part.isEmpty() ? "results.json" : "results-" + part + ".json";
    if (!FILE.matcher(name).matches()) {
      throw new IllegalArgumentException("a part is named by letters and digits, not " + part);
    }
    return directory.resolve(name);
  }

  /** All parts of a directory; none where it is not there. */
  public static Parts read(Path directory) {
    SortedMap<String, ResultsFile> parts = new TreeMap<>();
    if (Files.exists(directory)) {
      try (Stream<Path> files = Files.list(directory)) {
        files.forEach(
            file -> {
              Matcher name = FILE.matcher(file.getFileName().toString());
              if (name.matches()) {
                parts.put(name.group(1) == null ? "" : name.group(1), ResultsFile.read(file));
              }
            });
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return new Parts(parts);
  }

  /**
   * That all numbers of a comparison were measured side by side.
   *
   * @throws IllegalStateException where they were not, or there are none
   */
  void check() {
    if (byName.isEmpty()) {
      throw new IllegalStateException("no results are there");
    }
    Map<String, String> partOf = new HashMap<>();
    byName.forEach(
        (part, results) ->
            results
                .scenarios()
                .forEach(scenario -> checkAlone(scenario, partOf.put(scenario, part))));
    if (TOGETHER.stream().map(partOf::get).filter(Objects::nonNull).distinct().count() > 1) {
      throw new IllegalStateException(
          String.join(" and ", TOGETHER) + " are compared, and have to be in one part");
    }
  }

  /**
   * @param other the part that the scenario is in besides, or null
   */
  private static void checkAlone(String scenario, String other) {
    if (other != null) {
      throw new IllegalStateException(
          scenario
              + " is in two parts, of which \""
              + other
              + "\" is one: measure it with replace");
    }
  }

  List<Measured> measured() {
    return byName.values().stream().flatMap(results -> results.measured().stream()).toList();
  }
}
