package dev.trunkline.bench.report;

import dev.trunkline.bench.report.ResultsFile.Measured;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** What was measured, looked up by scenario, contender and name, in the order of the contenders. */
final class Figures {

  /** What the other contenders are compared with, and the goals are about. */
  static final List<String> OURS = List.of("trunkline", "trunkline-tuned");

  /** Plain SQL, then ours, then the peers by name. */
  static final Comparator<String> ORDER = Figures::compare;

  private final SequencedMap<Key, Summary> summaries = new LinkedHashMap<>();

  Figures(List<Measured> measured) {
    Map<Key, List<Measured>> all =
        measured.stream()
            .collect(Collectors.groupingBy(Key::of, LinkedHashMap::new, Collectors.toList()));
    all.forEach((key, rounds) -> summaries.put(key, summary(rounds)));
  }

  private static Summary summary(List<Measured> rounds) {
    return Summary.of(rounds.stream().map(Measured::value).toList(), rounds.getFirst().unit());
  }

  Optional<Summary> of(String scenario, String contender, String what) {
    return Optional.ofNullable(summaries.get(new Key(scenario, contender, what)));
  }

  /** Everybody of whom this was measured, in their order. */
  SequencedMap<String, Summary> of(Series series) {
    SequencedMap<String, Summary> found = new LinkedHashMap<>();
    summaries.keySet().stream()
        .filter(key -> key.scenario().equals(series.scenario()) && key.what().equals(series.what()))
        .map(Key::contender)
        .sorted(ORDER)
        .forEach(name -> found.put(name, of(series.scenario(), name, series.what()).orElseThrow()));
    return found;
  }

  /** The names of what was measured in a scenario, in the order in which it was first measured. */
  List<String> whats(String scenario) {
    List<String> whats = new ArrayList<>();
    for (Key key : summaries.keySet()) {
      if (key.scenario().equals(scenario) && !whats.contains(key.what())) {
        whats.add(key.what());
      }
    }
    return whats;
  }

  /** The highest median among those contenders, or the lowest. */
  Optional<Map.Entry<String, Summary>> best(
      Series series, Predicate<String> whom, boolean highest) {
    int sign = highest ? 1 : -1;
    return of(series).entrySet().stream()
        .filter(entry -> whom.test(entry.getKey()))
        .max((a, b) -> sign * Double.compare(a.getValue().median(), b.getValue().median()));
  }

  static boolean isPeer(String contender) {
    return !OURS.contains(contender) && !isPlain(contender);
  }

  static boolean isPlain(String contender) {
    return contender.startsWith("plain-");
  }

  private static int compare(String one, String other) {
    int byKind = Integer.compare(kind(one), kind(other));
    return byKind != 0 ? byKind : kind(one) == 0 ? batch(one) - batch(other) : one.compareTo(other);
  }

  private static int kind(String contender) {
    return isPlain(contender) ? 0 : OURS.contains(contender) ? 1 : 2;
  }

  private static int batch(String plain) {
    return Integer.parseInt(plain.substring("plain-".length()));
  }

  /** One thing that is measured of everybody. */
  record Series(String scenario, String what) {}

  private record Key(String scenario, String contender, String what) {

    static Key of(Measured measured) {
      return new Key(measured.scenario(), measured.contender(), measured.what());
    }
  }
}
