package dev.trunkline.config;

import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.AssignmentTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.LiteralTree;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** An annotation as it is written in the source: its simple name, and its literal arguments. */
record Constraint(String name, Map<String, String> arguments) {

  private static final Set<String> NOT_BOUNDS = Set.of("WithName", "WithDefault", "Valid");
  private static final Map<String, String> UNITS =
      Map.of("millis", "ms", "seconds", "s", "minutes", "m", "hours", "h", "days", "d");

  static Constraint of(AnnotationTree annotation) {
    return new Constraint(
        annotation.getAnnotationType().toString(),
        annotation.getArguments().stream()
            .filter(argument -> !name(argument).equals("message"))
            .collect(Collectors.toMap(Constraint::name, Constraint::literal)));
  }

  /** The bounds that the annotations set, in words and in the order in which they are written. */
  static String bounds(List<Constraint> constraints) {
    return constraints.stream()
        .filter(constraint -> !NOT_BOUNDS.contains(constraint.name))
        .map(Constraint::inWords)
        .collect(Collectors.joining(", "));
  }

  String value() {
    return arguments.getOrDefault("value", "");
  }

  private String inWords() {
    return switch (name) {
      case "Min" -> "at least " + value();
      case "Max" -> "at most " + value();
      case "DurationMin" -> "at least " + duration();
      case "DurationMax" -> "at most " + duration();
      case "Pattern" -> "matches `" + arguments.get("regexp") + "`";
      default -> throw new IllegalStateException("Say here what @" + name + " asks of a value.");
    };
  }

  private String duration() {
    return arguments.entrySet().stream()
        .filter(argument -> UNITS.containsKey(argument.getKey()))
        .map(argument -> "`" + argument.getValue() + UNITS.get(argument.getKey()) + "`")
        .collect(Collectors.joining(" and "));
  }

  private static String name(ExpressionTree argument) {
    return argument instanceof AssignmentTree named ? named.getVariable().toString() : "value";
  }

  private static String literal(ExpressionTree argument) {
    ExpressionTree value =
        argument instanceof AssignmentTree named ? named.getExpression() : argument;
    if (value instanceof LiteralTree literal) {
      return String.valueOf(literal.getValue());
    }
    throw new IllegalStateException("Only literals can be documented, not: " + argument);
  }
}
