package dev.trunkline.submit;

import dev.trunkline.submit.AnnouncedTypes.Announced;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The announced types as one batch sees them. With the first one that is not known all are read, so
 * that thousands of unknown ones are no thousands of questions. For one thread.
 */
final class BatchTypes {

  private final AnnouncedTypes announced;
  private @Nullable Map<String, Announced> all;
  private @Nullable List<String> names;

  BatchTypes(AnnouncedTypes announced) {
    this.announced = announced;
  }

  /** The type of that name. */
  Optional<Announced> find(String name) {
    if (all != null) {
      return Optional.ofNullable(all.get(name));
    }
    Optional<Announced> found = announced.find(name);
    if (found.isEmpty()) {
      Map<String, Announced> read = new HashMap<>();
      announced.all().forEach(type -> read.put(type.name(), type));
      all = read;
    }
    return found;
  }

  /** Their names and these, sorted. */
  List<String> namesAnd(Collection<String> others) {
    if (names == null) {
      names =
          Stream.concat(others.stream(), announced.names().stream()).distinct().sorted().toList();
    }
    return names;
  }
}
