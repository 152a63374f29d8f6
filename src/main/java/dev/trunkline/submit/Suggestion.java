package dev.trunkline.submit;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import org.apache.commons.text.similarity.JaroWinklerSimilarity;

/**
 * Finds what somebody may have meant who wrote a name that there is not: {@code did you mean
 * "priority"?} By the similarity of Jaro and Winkler, which was made for short names and weighs
 * their beginnings more.
 */
public final class Suggestion {

  /** Below that, a suggestion would mislead more often than help. */
  private static final double SIMILAR_ENOUGH = 0.85;

  private static final JaroWinklerSimilarity SIMILARITY = new JaroWinklerSimilarity();

  /** Names are short; nobody meant one of them by something longer. */
  private static final int LONGEST = 200;

  private Suggestion() {}

  /**
   * What is wrong with a name that is not known: {@code is not a known field, did you mean
   * "priority"?}, and where nothing is near, which ones there are.
   *
   * @param kind what it names, as in {@code field}
   */
  public static String unknown(String kind, String given, Collection<String> known) {
    return "is not a known "
        + kind
        + among(given, known)
            .map(name -> ", did you mean \"" + name + "\"?")
            .orElseGet(() -> "; known are " + String.join(", ", new TreeSet<>(known)));
  }

  /** The known name that comes nearest, where one is near. */
  static Optional<String> among(String given, Collection<String> known) {
    if (given.length() > LONGEST) {
      return Optional.empty();
    }
    return known.stream()
        .filter(name -> similarity(given, name) >= SIMILAR_ENOUGH)
        .max(Comparator.comparingDouble(name -> similarity(given, name)));
  }

  private static double similarity(String given, String name) {
    return SIMILARITY.apply(given.toLowerCase(Locale.ROOT), name.toLowerCase(Locale.ROOT));
  }
}
