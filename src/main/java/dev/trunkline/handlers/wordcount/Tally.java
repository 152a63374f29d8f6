package dev.trunkline.handlers.wordcount;

import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * How often each word stands in a text.
 *
 * @param total the sum of all counts
 */
record Tally(int total, Map<String, Integer> counts) {

  private static final Comparator<Map.Entry<String, Integer>> MOST_FREQUENT_FIRST =
      Map.Entry.<String, Integer>comparingByValue(Comparator.reverseOrder())
          .thenComparing(Map.Entry.comparingByKey());

  static Tally of(String text) {
    Map<String, Integer> counts = new HashMap<>();
    Words.of(text).forEach(word -> counts.merge(word, 1, Integer::sum));
    return new Tally(counts.values().stream().mapToInt(Integer::intValue).sum(), counts);
  }

  int distinct() {
    return counts.size();
  }

  /** The most frequent words, most frequent first, equals in alphabetical order. */
  Map<String, Integer> top(int most) {
    return counts.entrySet().stream()
        .sorted(MOST_FREQUENT_FIRST)
        .limit(most)
        .collect(
            Collectors.toMap(
                Map.Entry::getKey, Map.Entry::getValue, Integer::sum, LinkedHashMap::new));
  }

  /**
   * The count of one word, zero where it does not occur.
   *
   * @param word as anyone writes it; exactly one word by the rules of {@link Words}
   */
  Map<String, Integer> only(String word) {
    String normal = Words.of(word).findFirst().orElseThrow();
    return Map.of(normal, counts.getOrDefault(normal, 0));
  }
}
