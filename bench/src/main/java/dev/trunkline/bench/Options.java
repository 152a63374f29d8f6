package dev.trunkline.bench;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What the command line asks for: {@code name=value} and bare flags.
 *
 * @param directory of the results
 * @param part of the results, to which a run adds its rounds; empty for the first one
 * @param fresh whether results that are there are thrown away
 * @param replace whether those of the chosen scenarios and contenders are
 * @param reportOnly whether nothing is measured
 */
record Options(
    int rounds,
    Sizes sizes,
    Predicate<String> scenarios,
    Predicate<String> contenders,
    Path directory,
    String part,
    boolean fresh,
    boolean replace,
    boolean reportOnly,
    List<String> arguments) {

  private static final Set<String> NAMES =
      Set.of(
          "rounds",
          "scenarios",
          "contenders",
          "tasks",
          "history",
          "queues",
          "seconds",
          "idle",
          "directory",
          "part");
  private static final Set<String> FLAGS = Set.of("fresh", "replace", "report");

  static Options of(String... arguments) {
    List<String> given = List.of(arguments);
    given.forEach(Options::check);
    return new Options(
        number("rounds", 5, given),
        new Sizes(
            number("tasks", 200_000, given),
            number("history", 10_000_000, given),
            number("queues", 1_000, given),
            number("seconds", 10, given),
            number("idle", 30, given)),
        among(value("scenarios", "", given)),
        among(value("contenders", "", given)),
        Path.of(value("directory", "docs/benchmarks", given)),
        value("part", "", given),
        given.contains("fresh"),
        given.contains("replace"),
        given.contains("report"),
        given);
  }

  private static void check(String argument) {
    if (!FLAGS.contains(argument) && !NAMES.contains(argument.split("=", 2)[0])) {
      throw new IllegalArgumentException(
          argument + " is neither one of " + FLAGS + " nor a value for one of " + NAMES);
    }
  }

  private static int number(String name, int otherwise, List<String> given) {
    return Integer.parseInt(value(name, String.valueOf(otherwise), given));
  }

  private static String value(String name, String otherwise, List<String> given) {
    return given.stream()
        .filter(argument -> argument.startsWith(name + "="))
        .map(argument -> argument.substring(name.length() + 1))
        .findFirst()
        .orElse(otherwise);
  }

  private static Predicate<String> among(String names) {
    List<String> wanted = Arrays.asList(names.split(","));
    return name -> names.isEmpty() || wanted.contains(name);
  }
}
