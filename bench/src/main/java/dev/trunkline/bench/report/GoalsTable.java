package dev.trunkline.bench.report;

import dev.trunkline.bench.report.Goal.Reading;
import dev.trunkline.bench.report.Goal.Verdict;
import java.util.List;
import java.util.Optional;

/** The goals and what became of them, for each of our contenders that was measured. */
final class GoalsTable {

  private final Figures figures;

  GoalsTable(Figures figures) {
    this.figures = figures;
  }

  String text() {
    StringBuilder text = new StringBuilder(counts()).append("\n");
    text.append(
        Markdown.head(
            "goal", "wanted:", "contender", "measured:", "beside", "ratio:", "rounds:", "verdict"));
    for (Goal goal : Goals.all()) {
      List<Verdict> verdicts = verdicts(goal);
      verdicts.forEach(verdict -> text.append(row(goal, verdict)));
      if (verdicts.isEmpty()) {
        text.append(
            Markdown.row(goal.about(), goal.wanted(), "–", "–", "–", "–", "–", "not measured"));
      }
    }
    return text.toString();
  }

  private List<Verdict> verdicts(Goal goal) {
    return Figures.OURS.stream()
        .map(ours -> goal.judge(figures, ours))
        .flatMap(Optional::stream)
        .toList();
  }

  /** How many the service meets as it comes. */
  private String counts() {
    String ours = Figures.OURS.getFirst();
    List<Verdict> judged =
        Goals.all().stream()
            .map(goal -> goal.judge(figures, ours))
            .flatMap(Optional::stream)
            .toList();
    long met = judged.stream().filter(Verdict::isMet).count();
    return """
    `%s`, the service as it comes, meets %d of these %d, misses %d, and %d were not measured. \
    A verdict wants %d rounds; one of fewer is preliminary.
    """
        .formatted(
            ours,
            met,
            Goals.all().size(),
            judged.size() - met,
            Goals.all().size() - judged.size(),
            Goal.ROUNDS);
  }

  private static String row(Goal goal, Verdict verdict) {
    return Markdown.row(
        goal.about(),
        goal.wanted(),
        "`" + verdict.contender() + "`",
        number(verdict.measured()),
        verdict
            .beside()
            .map(b -> "`%s`, %s: %s".formatted(b.of(), b.what(), number(b)))
            .orElse("–"),
        verdict.beside().isPresent() ? Numbers.ratio(verdict.judged()) : "–",
        String.valueOf(verdict.rounds()),
        said(verdict));
  }

  private static String number(Reading reading) {
    return Numbers.of(reading.summary().median(), reading.summary().unit());
  }

  private static String said(Verdict verdict) {
    String said = verdict.isMet() ? "met" : "**not met**";
    return verdict.rounds() < Goal.ROUNDS ? said + ", preliminary" : said;
  }
}
