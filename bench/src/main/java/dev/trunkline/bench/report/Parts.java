package dev.trunkline.bench.report;

import dev.trunkline.bench.report.ResultsFile.Measured;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What one report is made of. Each part has a file of its own, with a revision and a machine of its
 * own; a scenario is in one of them alone, so that all its numbers were measured side by side.
 *
 * @param byName the name of the first part is empty
 */
public record Parts(SortedMap<String, ResultsFile> byName) {

  private static final String PREFIX = "results";
  private static final String SUFFIX = ".json";

  /**
   * @param part letters and digits, or empty
   */
  public static Path file(Path directory, String part) {
    return directory.resolve(PREFIX + (part.isEmpty() ? "" : "-" + part) + SUFFIX);
  }

  /**
   * All parts of a directory.
   *
   * @throws IllegalStateException where a scenario is in two of them
   */
  public static Parts read(Path directory) {
    SortedMap<String, ResultsFile> parts = new TreeMap<>();
    if (Files.exists(directory)) {
      try (DirectoryStream<Path> files =
          Files.newDirectoryStream(directory, PREFIX + "*" + SUFFIX)) {
        files.forEach(file -> parts.put(name(file), ResultsFile.read(file)));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    Parts all = new Parts(parts);
    all.check();
    return all;
  }

  private static String name(Path file) {
    String name = file.getFileName().toString();
    return name.substring(PREFIX.length(), name.length() - SUFFIX.length()).replaceFirst("^-", "");
  }

  private void check() {
    Map<String, String> partOf = new HashMap<>();
    byName.forEach(
        (part, results) ->
            results
                .scenarios()
                .forEach(
                    scenario -> {
                      String other = partOf.put(scenario, part);
                      if (other != null) {
                        throw new IllegalStateException(
                            "%s was measured in the parts \"%s\" and \"%s\": measure it again with replace"
                                .formatted(scenario, other, part));
                      }
                    }));
  }

  List<Measured> measured() {
    return byName.values().stream().flatMap(results -> results.measured().stream()).toList();
  }
}
