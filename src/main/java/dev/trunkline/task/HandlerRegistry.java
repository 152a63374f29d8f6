package dev.trunkline.task;

import io.quarkus.arc.All;
import jakarta.inject.Singleton;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** The handlers of this process, by the name of their type. Immutable once made. */
@Singleton
public class HandlerRegistry {

  private final Map<String, TaskHandler<?, ?>> handlers;

  HandlerRegistry(
      @All List<TaskHandler<?, ?>> all,
      @ConfigProperty(name = "trunkline.examples.enabled") boolean examples) {
    this.handlers =
        all.stream()
            .filter(handler -> examples || !handler.type().example())
            .collect(
                Collectors.toMap(
                    handler -> handler.type().name(),
                    handler -> handler,
                    HandlerRegistry::refuseTwins,
                    TreeMap::new));
  }

  public Optional<TaskHandler<?, ?>> find(String type) {
    return Optional.ofNullable(handlers.get(type));
  }

  /** All handlers, ordered by the names of their types. */
  public Collection<TaskHandler<?, ?>> all() {
    return handlers.values();
  }

  public List<String> typeNames() {
    return List.copyOf(handlers.keySet());
  }

  /** The types that can run here at this moment; only these are claimed. */
  public List<String> availableTypes() {
    return handlers.entrySet().stream()
        .filter(entry -> entry.getValue().unavailable().isEmpty())
        .map(Map.Entry::getKey)
        .toList();
  }

  private static TaskHandler<?, ?> refuseTwins(TaskHandler<?, ?> one, TaskHandler<?, ?> other) {
    throw new IllegalStateException(
        "two handlers run the type %s: %s and %s"
            .formatted(one.type().name(), one.getClass().getName(), other.getClass().getName()));
  }
}
