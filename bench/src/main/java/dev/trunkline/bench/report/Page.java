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
import java.util.stream.Collectors;

/** The report in Markdown. */
final class Page {

  private static final String METHOD =
      """
      # Comparison

      Trunkline beside other task queues on PostgreSQL, and beside the bare SQL. Made from
      [`results.json`](results.json) by `bench/run report`; how to measure again stands in
      [`bench/README.md`](../../bench/README.md).

      Everybody runs on the same machine and the same server, in turns: in each round all of them come
      once for each scenario, on an empty database, after a checkpoint, in another order each time. The
      clients share the machine. Numbers are medians over the rounds, with the least and the most; a
      ratio is one of medians. Payloads have 100 bytes unless said otherwise.
      """;

  private static final String OURS = Figures.OURS.getFirst();

  private final ResultsFile results;
  private final Figures figures;
  private final StringBuilder text = new StringBuilder(METHOD);

  Page(ResultsFile results, Figures figures) {
    this.results = results;
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
    table("", "");
    row("Trunkline", "revision `" + results.revision() + "`");
    results.machine().forEach(this::row);
    results.server().forEach((name, value) -> row("PostgreSQL, `" + name + "`", value));
    row("sizes", listed(results.sizes()));
    row("measured", dates());
    row("harness", "revision " + harnesses());
  }

  private String dates() {
    Collection<String> days =
        results.runs().stream()
            .map(run -> run.date().substring(0, 10))
            .collect(Collectors.toCollection(TreeSet::new));
    return results.runs().size() + " runs, " + String.join(", ", days);
  }

  private String harnesses() {
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
      if (series.scenario().equals(section.scenario()) || section.scenario().equals("bulk")) {
        charted(section, series);
      }
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
    results
        .contenders()
        .forEach(
            (name, facts) ->
                row(
                    "`" + name + "`",
                    String.valueOf(facts.getOrDefault("version", "–")),
                    settings(facts)));
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
    if (results.failures().isEmpty()) {
      return;
    }
    heading("What failed");
    text.append("\nLeft out of the numbers above.\n");
    table("scenario", "contender", "round", "why");
    for (Failure failure : results.failures()) {
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
