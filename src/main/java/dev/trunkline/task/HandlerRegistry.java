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
import org.jspecify.annotations.Nullable;

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
                    Known::of,
                    HandlerRegistry::refuseTwins,
                    TreeMap::new));
  }

  public Optional<TaskHandler<?, ?>> find(String type) {
    return Optional.ofNullable(handlers.get(type));
  }

  /** Whether this process runs tasks of this type. */
  public boolean runs(String type) {
    return handlers.containsKey(type);
  }

  /** Whether this is a type of whose tasks the service makes all there are. */
  public boolean isInternal(String type) {
    return find(type).map(handler -> handler.type().internal()).orElse(false);
  }

  /** Whether such tasks wait in this queue. */
  public boolean isInternalQueue(String queue) {
    return handlers.values().stream()
        .map(TaskHandler::type)
        .anyMatch(type -> type.internal() && type.queue().equals(queue));
  }

  /** Those whose types clients may submit tasks of, ordered by the names of these. */
  public Collection<TaskHandler<?, ?>> submittable() {
    return handlers.values().stream().filter(handler -> !handler.type().internal()).toList();
  }

  /** The names of the types that clients may submit tasks of. */
  public List<String> typeNames() {
    return submittable().stream().map(handler -> handler.type().name()).toList();
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
            .formatted(one.type().name(), nameOf(one), nameOf(other)));
  }

  private static String nameOf(TaskHandler<?, ?> handler) {
    return handler instanceof Known<?, ?>(var known, _)
        ? nameOf(known)
        : handler.getClass().getName();
  }

  /** A handler that is asked only once what type it runs: to make a type has it checked. */
  private record Known<P, R extends @Nullable Object>(
      TaskHandler<P, R> handler, TaskType<P, R> type) implements TaskHandler<P, R> {

    static <P, R extends @Nullable Object> TaskHandler<P, R> of(TaskHandler<P, R> handler) {
      return new Known<>(handler, handler.type());
    }

    @Override
    public Outcome<R> handle(P payload, TaskContext context) throws Exception {
      return handler.handle(payload, context);
    }

    @Override
    public Optional<String> unavailable() {
      return handler.unavailable();
    }

    @Override
    public boolean transactional() {
      return handler.transactional();
    }
  }
}
