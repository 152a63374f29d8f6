package dev.trunkline.it.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Names that the service has given away, such as ids, tokens and cursors: with invented ones alone
 * nothing but {@code 404} would be tried. Thread-safe.
 */
public final class Pool {

  private static final int MOST = 200;

  private final Map<String, List<String>> byName = new ConcurrentHashMap<>();

  /** Remembers a value under the name of its field; once there are enough, instead of another. */
  public void add(String name, String value) {
    List<String> known = byName.computeIfAbsent(name, _ -> new CopyOnWriteArrayList<>());
    if (known.size() < MOST) {
      known.add(value);
    } else {
      known.set(Math.floorMod(value.hashCode(), MOST), value);
    }
  }

  /** Remembers what stands under these names anywhere in an answer. */
  public void addAll(JsonNode answer, List<String> names) {
    for (String name : names) {
      answer.findValues(name).stream()
          .filter(JsonNode::isTextual)
          .limit(5)
          .forEach(value -> add(name, value.asText()));
    }
  }

  public Optional<String> any(String name, Random random) {
    List<String> known = byName.get(name);
    return known == null ? Optional.empty() : Optional.of(known.get(random.nextInt(known.size())));
  }
}
