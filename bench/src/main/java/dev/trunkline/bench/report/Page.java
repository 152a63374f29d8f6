package dev.trunkline.bench.report;

import dev.trunkline.bench.report.Figures.Series;
import dev.trunkline.bench.report.ResultsFile.Failure;
import dev.trunkline.bench.report.ResultsFile.Invocation;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The report in Markdown. */
final class Page {

  private static final String METHOD =
      """
      # Comparison

      Trunkline beside other task queues on PostgreSQL, and beside the bare SQL. Made from the
      `results*.json` beside it by `bench/run report`; how to measure again stands in
      [`bench/README.md`](../../bench/README.md).

      Everybody runs on the same machine and the same server, in turns: in each round all of them come
      once for each scenario, on an empty database, after a checkpoint, in another order each time. The
      clients share the machine. Who has fewer rounds than others was missing in some of them. Numbers
      are medians over the rounds, with the least and the most; a ratio is one of medians. Payloads have
      100 bytes unless said otherwise.

      What was measured on another machine, or of another revision, is a part of its own, with
      conditions of its own. A scenario is in one part as a whole, and nothing is compared across parts.
      """;

  private static final String OURS = Figures.OURS.getFirst();

  private final Parts parts;
  private final Figures figures;
  private final StringBuilder text = new StringBuilder(METHOD);

  Page(Parts parts, Figures figures) {
    this.parts = parts;
    this.figures = figures;
  }

  String text() {
    conditions();
    heading("Goals");
    text.append("\n").append(new GoalsTable(figures).text());
    Section.all().stream().filter(s -> Report.isMeasured(figures, s)).forEach(this::section);
    versions();
    failures();
    return text.toString();
  }

  private void conditions() {
    heading("Conditions");
    table("", parts.byName().keySet().stream().map(Page::partName).toArray(String[]::new));
    row("scenarios", of(results -> String.join(", ", results.scenarios())));
    row("Trunkline", of(results -> "revision `" + results.revision() + "`"));
    rows("%s", ResultsFile::machine);
    rows("PostgreSQL, `%s`", ResultsFile::server);
    row("sizes", of(results -> listed(results.sizes())));
    row("measured", of(Page::dates));
    row("harness", of(results -> "revision " + harnesses(results)));
  }

  private static String partName(String part) {
    return part.isEmpty() ? "" : "part " + part;
  }

  private String[] of(Function<ResultsFile, String> cell) {
    return parts.byName().values().stream().map(cell).toArray(String[]::new);
  }

  /** A row for each name that any part has. */
  private void rows(String heading, Function<ResultsFile, Map<String, String>> facts) {
    parts.byName().values().stream()
        .flatMap(results -> facts.apply(results).keySet().stream())
        .distinct()
        .forEach(
            name -> row(heading.formatted(name), of(r -> facts.apply(r).getOrDefault(name, "–"))));
  }

  private static String dates(ResultsFile results) {
    Collection<String> days =
        results.runs().stream()
            .map(run -> run.date().substring(0, 10))
            .collect(Collectors.toCollection(TreeSet::new));
    int runs = results.runs().size();
    return runs + (runs == 1 ? " run, " : " runs, ") + String.join(", ", days);
  }

  private static String harnesses(ResultsFile results) {
    return results.runs().stream()
        .map(Invocation::harness)
        .distinct()
        .map(revision -> "`" + revision + "`")
        .collect(Collectors.joining(", "));
  }

  private void section(Section section) {
    heading(section.title());
    text.append("\n").append(section.about()).append("\n");
    if (!section.charted().isEmpty()) {
      text.append("\n![%s](%s.svg)\n".formatted(section.title(), section.scenario()));
    }
    for (Series series : section.charted()) {
      charted(section, series);
    }
    others(section);
  }

  /** A number with its ratio to ours, and to the contender's own number without the hindrance. */
  private void charted(Section section, Series series) {
    SequencedMap<String, Summary> measured = figures.of(series);
    if (measured.isEmpty()) {
      return;
    }
    Series first = section.charted().getFirst();
    boolean compared = section.paired() && !series.equals(first);
    List<String> columns =
        new ArrayList<>(List.of("median:", "min–max:", "rounds:", "× `" + OURS + "`:"));
    if (compared) {
      columns.add("× " + first.what() + ":");
    }
    String unit = measured.firstEntry().getValue().unit();
    table(series.what() + ", " + unit, columns.toArray(String[]::new));
    measured.forEach(
        (name, summary) -> {
          List<String> cells = new ArrayList<>(cells(summary));
          cells.add(ratio(summary, Optional.ofNullable(measured.get(OURS))));
          if (compared) {
            cells.add(ratio(summary, figures.of(first.scenario(), name, first.what())));
          }
          row("`" + name + "`", cells.toArray(String[]::new));
        });
  }

  private static List<String> cells(Summary summary) {
    return List.of(
        Numbers.of(summary.median()), Numbers.range(summary), String.valueOf(summary.rounds()));
  }

  private static String ratio(Summary one, Optional<Summary> other) {
    return other.map(o -> Numbers.of(one.median() / o.median())).orElse("–");
  }

  /** All else that was measured in the scenario, a column each. */
  private void others(Section section) {
    List<String> charted =
        Section.all().stream().flatMap(s -> s.charted().stream()).map(Series::what).toList();
    List<String> whats =
        figures.whats(section.scenario()).stream().filter(what -> !charted.contains(what)).toList();
    if (whats.isEmpty()) {
      return;
    }
    TreeSet<String> everybody = new TreeSet<>(Figures.ORDER);
    whats.forEach(
        what -> everybody.addAll(figures.of(new Series(section.scenario(), what)).keySet()));
    table("", whats.stream().map(what -> withUnit(section, what) + ":").toArray(String[]::new));
    for (String name : everybody) {
      row(
          "`" + name + "`",
          whats.stream().map(what -> cell(section, name, what)).toArray(String[]::new));
    }
  }

  private String withUnit(Section section, String what) {
    String unit = figures.of(new Series(section.scenario(), what)).firstEntry().getValue().unit();
    return unit.isEmpty() ? what : what + ", " + unit;
  }

  private String cell(Section section, String contender, String what) {
    return figures.of(section.scenario(), contender, what).map(Page::withRange).orElse("–");
  }

  private static String withRange(Summary summary) {
    String median = Numbers.of(summary.median());
    return summary.rounds() == 1 ? median : median + " (" + Numbers.range(summary) + ")";
  }

  private void versions() {
    heading("Who took part");
    table("", "version", "settings");
    parts.byName().values().stream()
        .flatMap(results -> results.contenders().entrySet().stream())
        .distinct()
        .sorted(Map.Entry.comparingByKey(Figures.ORDER))
        .forEach(
            entry ->
                row(
                    "`" + entry.getKey() + "`",
                    String.valueOf(entry.getValue().getOrDefault("version", "–")),
                    settings(entry.getValue())));
  }

  private static String settings(Map<String, Object> facts) {
    Object settings = facts.getOrDefault("settings", Map.of());
    String text = settings instanceof Map<?, ?> map ? listed(map) : String.valueOf(settings);
    return text.isEmpty() ? "as it comes" : text;
  }

  private static String listed(Map<?, ?> map) {
    return map.entrySet().stream()
        .map(entry -> entry.getKey() + " " + value(entry.getValue()))
        .collect(Collectors.joining(", "));
  }

  private static String value(Object value) {
    return switch (value) {
      case Map<?, ?> map -> "(" + listed(map) + ")";
      case Integer number -> String.format(Locale.ROOT, "%,d", number);
      default -> String.valueOf(value);
    };
  }

  private void failures() {
    List<Failure> failures =
        parts.byName().values().stream().flatMap(results -> results.failures().stream()).toList();
    if (failures.isEmpty()) {
      return;
    }
    heading("What failed");
    text.append("\nLeft out of the numbers above.\n");
    table("scenario", "contender", "round", "why");
    for (Failure failure : failures) {
      row(
          failure.scenario(),
          "`" + failure.contender() + "`",
          String.valueOf(failure.round()),
          failure.why().replaceAll("[\\s|]+", " "));
    }
  }

  private void heading(String title) {
    text.append("\n## ").append(title).append("\n");
  }

  private void table(String first, String... columns) {
    text.append("\n").append(Markdown.head(first, columns));
  }

  private void row(String first, String... cells) {
    text.append(Markdown.row(first, cells));
  }
}
