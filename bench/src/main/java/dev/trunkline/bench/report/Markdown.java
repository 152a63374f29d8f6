package dev.trunkline.bench.report;

import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Lines of tables. */
final class Markdown {

  private Markdown() {}

  /** A heading that ends in a colon is above numbers, which stand to the right. */
  static String head(String first, String... columns) {
    String names =
        row(first, Stream.of(columns).map(c -> c.replaceFirst(":$", "")).toArray(String[]::new));
    String rule =
        Stream.of(columns)
            .map(c -> c.endsWith(":") ? "---:" : "---")
            .collect(Collectors.joining("|"));
    return names + "|---|" + rule + "|\n";
  }

  static String row(String first, String... cells) {
    return "| " + first + " | " + String.join(" | ", cells) + " |\n";
  }
}
