package dev.trunkline.handlers.wordcount;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class TallyTest {

  private static final List<String> VOCABULARY =
      List.of("The", "the", "sea", "Sea", "été", "don't", "Straße", "ocean", "42", "ωμέγα", "вода");

  @Test
  void the_most_frequent_come_first_and_equals_in_alphabetical_order() {
    assertThat(Tally.of("b a c c b a d").top(3).keySet()).containsExactly("a", "b", "c");
    assertThat(Tally.of("z z a").top(20).keySet()).containsExactly("z", "a");
  }

  @Test
  void one_word_is_counted_however_it_is_written() {
    Tally tally = Tally.of("Don’t do what you don't like");

    assertThat(tally.only("DON’T")).isEqualTo(Map.of("don't", 2));
    assertThat(tally.only("absent")).isEqualTo(Map.of("absent", 0));
  }

  @Test
  void a_large_text_is_counted_as_another_way_of_counting_says() {
    String text = largeText();
    assertThat(text.length()).isGreaterThan(300_000);
    Tally tally = Tally.of(text);
    Map<String, Integer> expected = countedByHand(text);

    assertThat(tally.counts()).isEqualTo(expected);
    assertThat(tally.total()).isEqualTo(expected.values().stream().mapToInt(n -> n).sum());
  }

  private static String largeText() {
    Random random = new Random(1);
    List<String> parts = new ArrayList<>();
    for (int i = 0; i < 80_000; i++) {
      int rare = (int) Math.abs(random.nextGaussian() * 300);
      parts.add(rare < VOCABULARY.size() ? VOCABULARY.get(rare) : "Word" + rare);
      parts.add(List.of(" ", ", ", ". ", "\n", " - ", "? \"", "\" (", ") ").get(random.nextInt(8)));
    }
    return String.join("", parts);
  }

  /** Character by character and without a regular expression. */
  private static Map<String, Integer> countedByHand(String text) {
    Map<String, Integer> counts = new TreeMap<>();
    StringBuilder word = new StringBuilder();
    for (char c : (text + " ").toCharArray()) {
      if (Character.isLetterOrDigit(c) || c == '\'') {
        word.append(Character.toLowerCase(c));
      } else if (!word.isEmpty()) {
        counts.merge(word.toString(), 1, Integer::sum);
        word.setLength(0);
      }
    }
    return counts;
  }
}
