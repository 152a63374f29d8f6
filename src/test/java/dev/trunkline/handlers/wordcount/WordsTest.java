package dev.trunkline.handlers.wordcount;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WordsTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "The the THE|the the the",
        "don't Don’t|don't don't",
        "'quoted' dogs' rock'n'roll|quoted dogs rock'n'roll",
        "a''b|a b",
        "well-known snake_case a/b c.d|well known snake case a b c d",
        "3.14 1,000 2026 1. 2,|3.14 1,000 2026 1 2",
        "x2 4th ½ ²|x2 4th ½ ²",
        "Straße ÉTÉ ΟΔΥΣΣΕΥΣ Ёлка|straße été οδυσσευς ёлка",
        "नमस्ते दुनिया|नमस्ते दुनिया",
        "שָׁלוֹם|שָׁלוֹם",
        "漢字かなカタカナ|漢 字 か な カタカナ",
        "한국어 단어|한국어 단어",
        "\uD835\uDC00bc \uD840\uDC00x|\uD835\uDC00bc \uD840\uDC00 x",
        "… — ! 🎉 © $|",
      })
  void text_falls_into_words(String text, String words) {
    assertThat(Words.of(text).toList())
        .isEqualTo(words == null ? List.of() : List.of(words.split(" ")));
  }

  @Test
  void an_accent_is_the_same_typed_in_either_way() {
    assertThat(Words.of("caf\u00E9 cafe\u0301")).containsExactly("caf\u00E9", "caf\u00E9");
  }

  @Test
  void a_capital_whose_marks_only_its_small_letter_is_composed_with_is_that_letter() {
    assertThat(Words.of("\u1FFA\u0345 \u03A9\u0300\u0345")).containsExactly("\u1FF2", "\u1FF2");
  }

  @Test
  void invisible_characters_do_not_part_words_but_the_zero_width_space_does() {
    assertThat(Words.of("co\u00ADoper\u2060ate a\u200Bb")).containsExactly("cooperate", "a", "b");
  }

  @Test
  void joiners_hold_a_persian_word_together_and_do_not_hang_on_its_edge() {
    assertThat(Words.of("می\u200Cخواهم می\u200C")).containsExactly("می\u200Cخواهم", "می");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "a'", "a b ", "'", "1.", "a\u0301", "漢", "a' '", "\u00AD"})
  void ten_million_characters_take_seconds_and_no_deep_stack(String unit) {
    String text = unit.repeat(10_000_000 / unit.length());

    assertTimeoutPreemptively(Duration.ofMinutes(1), () -> Words.of(text).count());
  }

  @Property
  void a_word_is_its_own_only_word(@ForAll String text) {
    assertThat(Words.of(text)).allSatisfy(word -> assertThat(Words.of(word)).containsExactly(word));
  }

  @Property
  void the_total_is_the_sum_of_all_counts(@ForAll List<String> texts) {
    Tally tally = Tally.of(String.join(" ", texts));

    assertThat(tally.top(Integer.MAX_VALUE).values().stream().mapToInt(n -> n).sum())
        .isEqualTo(tally.total());
    assertThat(tally.top(Integer.MAX_VALUE)).hasSize(tally.distinct());
  }

  @Property
  void counting_two_texts_apart_or_together_is_the_same(@ForAll String one, @ForAll String other) {
    assertThat(Tally.of(one + "\n" + other).total())
        .isEqualTo(Tally.of(one).total() + Tally.of(other).total());
  }
}
