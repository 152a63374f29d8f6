package dev.trunkline.bench.report;

import dev.trunkline.bench.report.Chart.Bar;
import dev.trunkline.bench.report.Chart.Group;
import dev.trunkline.bench.report.Figures.Series;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Makes {@code comparison.md} and its charts from the results beside it; every number in them is
 * computed from those files.
 *
 * <p>{@code Report [directory]}
 */
public final class Report {

  private static final String NAME = "comparison.md";

  private Report() {}

  public static void main(String... args) {
    write(Path.of(args.length == 0 ? "docs/benchmarks" : args[0]));
  }

  public static void write(Path directory) {
    Parts parts = Parts.read(directory);
    parts.check();
    Figures figures = new Figures(parts.measured());
    try {
      for (Section section : Section.all()) {
        List<Group> groups = groups(figures, section);
        Path chart = directory.resolve(section.scenario() + ".svg");
        if (isMeasured(figures, section) && !groups.isEmpty()) {
          Files.writeString(chart, chart(section, groups).svg());
        } else {
          Files.deleteIfExists(chart);
        }
      }
      Files.writeString(directory.resolve(NAME), new Page(parts, figures).text());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static boolean isMeasured(Figures figures, Section section) {
    return !figures.whats(section.scenario()).isEmpty();
  }

  private static Chart chart(Section section, List<Group> groups) {
    String unit = groups.getFirst().bars().getFirst().summary().unit();
    return new Chart(section.title(), unit, section.logarithmic(), groups);
  }

  private static List<Group> groups(Figures figures, Section section) {
    return section.charted().stream()
        .map(series -> new Group(series.what(), bars(figures, series)))
        .filter(group -> !group.bars().isEmpty())
        .toList();
  }

  private static List<Bar> bars(Figures figures, Series series) {
    return figures.of(series).entrySet().stream()
        .map(entry -> new Bar(entry.getKey(), colour(entry.getKey()), entry.getValue()))
        .toList();
  }

  private static int colour(String contender) {
    return Figures.OURS.contains(contender) ? 0 : Figures.isPlain(contender) ? 1 : 2;
  }
}
