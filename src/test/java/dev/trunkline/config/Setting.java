package dev.trunkline.config;

import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One option as the page names it. A key of a map stands as {@code "<name>"}.
 *
 * @param fallback the default as it is written in a properties file; empty where there is none
 * @param bounds what a value has to satisfy, in words; empty where any value of the type will do
 */
record Setting(String property, String type, String fallback, String bounds, String description) {

  /** The environment variable that Quarkus reads the option from. */
  String environmentVariable() {
    return property.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9<>]", "_");
  }

  String toRow() {
    String names = code(property) + "<br>" + code(environmentVariable());
    String standard = fallback.isEmpty() ? "not set" : code(fallback);
    return Stream.of(names, type, standard, bounds, description)
        .map(cell -> cell.replace("|", "\\|"))
        .collect(Collectors.joining(" | ", "| ", " |\n"));
  }

  private static String code(String text) {
    return "`" + text + "`";
  }
}
