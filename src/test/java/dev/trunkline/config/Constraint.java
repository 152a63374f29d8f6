package dev.trunkline.config;

import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.AssignmentTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.LiteralTree;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** An annotation as it is written in the source: its simple name, and its literal arguments. */
record Constraint(String name, Map<String, String> arguments) {

  private static final Set<String> NOT_BOUNDS = Set.of("WithName", "WithDefault");

  static Constraint of(AnnotationTree annotation) {
    return new Constraint(
        annotation.getAnnotationType().toString(),
        annotation.getArguments().stream()
            .filter(argument -> !name(argument).equals("message"))
            .collect(Collectors.toMap(Constraint::name, Constraint::literal)));
  }

  /** The bounds that the annotations set, in words and in the order in which they are written. */
  static String bounds(Collection<Constraint> constraints) {
    return constraints.stream()
        .filter(constraint -> !NOT_BOUNDS.contains(constraint.name))
        .flatMap(Constraint::inWords)
        .collect(Collectors.joining(", "));
  }

  String value() {
    return arguments.getOrDefault("value", "");
  }

  private Stream<String> inWords() {
    return switch (name) {
      case "Bounds" ->
          Stream.of(bound("atLeast", "at least "), bound("atMost", "at most "))
              .flatMap(Function.identity());
      case "Matches" -> Stream.of("matches `" + value() + "`");
      default -> throw new IllegalStateException("Say here what @" + name + " asks of a value.");
    };
  }

  /** Durations stand in code, since that is how they are written. */
  private Stream<String> bound(String argument, String words) {
    return Stream.ofNullable(arguments.get(argument))
        .map(bound -> words + (bound.matches("\\d+") ? bound : "`" + bound + "`"));
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
