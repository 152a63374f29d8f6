package dev.trunkline.remote;

import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Which tasks a worker asks for: those of some types in any queue, or all of some queues. Two that
 * name the same are equal, whatever their order.
 */
public sealed interface Want {

  /** Tasks of these types, in whatever queue. */
  record Types(List<String> names) implements Want {
    public Types {
      names = List.copyOf(new TreeSet<>(names));
    }
  }

  /** Tasks of these queues, of whatever type. */
  record Queues(List<String> names) implements Want {
    public Queues {
      names = List.copyOf(new TreeSet<>(names));
    }
  }

  default Optional<List<String>> types() {
    return this instanceof Types(var names) ? Optional.of(names) : Optional.empty();
  }

  default Optional<List<String>> queues() {
    return this instanceof Queues(var names) ? Optional.of(names) : Optional.empty();
  }

  default boolean includes(String queue, String type) {
    return switch (this) {
      case Types(var names) -> names.contains(type);
      case Queues(var names) -> names.contains(queue);
    };
  }
}
