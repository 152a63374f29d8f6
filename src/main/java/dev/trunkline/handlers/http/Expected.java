package dev.trunkline.handlers.http;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * The statuses that a request's author takes for a success: {@code 404}, {@code "404"} and {@code
 * "2xx"} each alone, or several in an array.
 *
 * @param words each three digits, or a digit and {@code xx}
 */
record Expected(Set<String> words) {

  private static final Set<String> SUCCESS = Set.of("2xx");
  private static final Pattern FORM = Pattern.compile("[2-5](?:[0-9]{2}|xx)");

  /** What is meant by an {@code expect} that has passed {@link #faults}. */
  static Expected of(@Nullable JsonNode expect) {
    return expect == null || expect.isNull()
        ? new Expected(SUCCESS)
        : new Expected(new LinkedHashSet<>(words(expect).toList()));
  }

  /** Where something is no status: its index, or nothing for a value that is not in an array. */
  static List<Optional<String>> faults(@Nullable JsonNode expect) {
    if (expect == null || expect.isNull()) {
      return List.of();
    }
    List<String> words = words(expect).toList();
    return IntStream.range(0, words.size())
        .filter(index -> !FORM.matcher(words.get(index)).matches())
        .mapToObj(index -> Optional.of(Integer.toString(index)).filter(_ -> expect.isArray()))
        .toList();
  }

  boolean contains(int status) {
    return words.contains(Integer.toString(status)) || words.contains(status / 100 + "xx");
  }

  /** Whether a redirect itself is wanted, and so not what it leads to. */
  boolean wantsRedirects() {
    return words.stream().anyMatch(word -> word.startsWith("3"));
  }

  @Override
  public String toString() {
    return String.join(" or ", words);
  }

  private static Stream<String> words(JsonNode expect) {
    return expect.isArray()
        ? StreamSupport.stream(expect.spliterator(), false).map(Expected::word)
        : Stream.of(word(expect));
  }

  /** Empty for what is neither a text nor a whole number. */
  private static String word(JsonNode value) {
    return value.isTextual() || value.isIntegralNumber() ? value.asText() : "";
  }
}
