package dev.trunkline.handlers.wordcount;

import java.text.Normalizer;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What counts as a word: a run of Unicode letters and digits with their combining marks, in lower
 * case. After Unicode Standard Annex #29, which the JDK's {@code BreakIterator} follows only in
 * part, and whose data a native image would have to carry:
 *
 * <ul>
 *   <li>{@code don't} is one word (WB6, WB7); the typographic apostrophe (U+2019) is taken for the
 *       plain one, so both spellings are the same word. One at the edge belongs to no word.
 *   <li>{@code 3.14} and {@code 1,000} are one word each (WB11, WB12).
 *   <li>{@code well-known} and {@code snake_case} are two words, as hyphen, underscore and all
 *       other punctuation part words.
 *   <li>Each Han character and each Hiragana is a word of its own: finding Chinese and Japanese
 *       words takes a dictionary. Thai, Lao, Khmer and Burmese count from space to space.
 *   <li>Invisible format characters, such as the soft hyphen, are no part of a word and part none
 *       (WB4), but for the joiners between letters, which Persian and Indic spelling needs.
 * </ul>
 *
 * <p>Text is turned into lower case and then normalised (NFC), so that {@code é} is one word
 * however it was typed. Linear in the length of the text.
 */
final class Words {

  private static final String SCRIPTS_WITHOUT_SPACES = "[\\p{IsHan}\\p{IsHiragana}]";
  private static final String IDEOGRAPH = "[" + SCRIPTS_WITHOUT_SPACES + "&&[\\p{L}\\p{N}]]";
  private static final String LETTER = "[\\p{L}\\p{N}&&[^\\p{IsHan}\\p{IsHiragana}]]";
  private static final String INSIDE_WORDS = "['\\u200C\\u200D](?=" + LETTER + ")";
  private static final String INSIDE_NUMBERS = "(?<=\\p{Nd})[.,](?=\\p{Nd})";

  /** The quantifiers are possessive: without backtracking, and without recursion on long runs. */
  private static final Pattern WORD =
      Pattern.compile(
          "%s\\p{M}*+|%s(?:%s|\\p{M}|%s|%s)*+"
              .formatted(IDEOGRAPH, LETTER, LETTER, INSIDE_WORDS, INSIDE_NUMBERS));

  /** Format characters but the zero-width space, which parts words, and the two joiners. */
  private static final Pattern INVISIBLE = Pattern.compile("[\\p{Cf}&&[^\\u200B-\\u200D]]+");

  private Words() {}

  /** The words of a text in their order, each as often as it stands there. */
  static Stream<String> of(String text) {
    return WORD.matcher(prepared(text)).results().map(MatchResult::group);
  }

  private static String prepared(String text) {
    String plain = INVISIBLE.matcher(text).replaceAll("").replace('\u2019', '\'');
    // In this order: there are small letters composed with marks of which there is no capital.
    return Normalizer.normalize(plain.toLowerCase(Locale.ROOT), Normalizer.Form.NFC);
  }
}
