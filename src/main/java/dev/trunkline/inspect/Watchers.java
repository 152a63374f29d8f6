package dev.trunkline.inspect;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * Who watches which task in this process. Thread-safe; what is handed out is a copy, so that those
 * who are told something may leave at once.
 */
final class Watchers {

  private final Map<UUID, Set<Watcher>> byTask = new HashMap<>();

  /** True where there was nobody before. */
  synchronized boolean add(Watcher watcher) {
    boolean first = byTask.isEmpty();
    byTask.computeIfAbsent(watcher.task(), task -> new HashSet<>()).add(watcher);
    return first;
  }

  /** Nothing happens where it has left already. */
  synchronized void remove(Watcher watcher) {
    byTask.computeIfPresent(
        watcher.task(), (task, all) -> all.remove(watcher) && all.isEmpty() ? null : all);
  }

  synchronized boolean isEmpty() {
    return byTask.isEmpty();
  }

  synchronized boolean isWatched(UUID task) {
    return byTask.containsKey(task);
  }

  /** The tasks that are watched now. */
  synchronized Collection<UUID> tasks() {
    return List.copyOf(byTask.keySet());
  }

  synchronized Collection<Watcher> of(UUID task) {
    return List.copyOf(byTask.getOrDefault(task, Set.of()));
  }

  synchronized Collection<Watcher> all() {
    List<Watcher> all = new ArrayList<>();
    byTask.values().forEach(all::addAll);
    return all;
  }

  /** How many there are of a kind. */
  long count(Class<? extends Watcher> kind) {
    return all().stream().filter(kind::isInstance).count();
  }
}
