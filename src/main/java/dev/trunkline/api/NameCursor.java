package dev.trunkline.api;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/**
 * The place in a list ordered by name where its next page begins, as text for clients. It names the
 * list, so that it is not used for another one by mistake, and holds nothing secret.
 */
final class NameCursor {

  private static final int LONGEST = 1_000;

  private NameCursor() {}

  /**
   * Of a list.
   *
   * @param list one letter for which it is
   * @param place the last one shown
   */
  static String write(char list, String place) {
    byte[] bytes = (list + place).getBytes(StandardCharsets.UTF_8);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /** Empty where the text is no cursor of this list. */
  static Optional<String> read(char list, String text) {
    try {
      String read =
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(ByteBuffer.wrap(Base64.getUrlDecoder().decode(text)))
              .toString();
      boolean fits =
          read.length() > 1
              && read.length() <= LONGEST
              && read.charAt(0) == list
              && read.indexOf('\0') < 0;
      return fits ? Optional.of(read.substring(1)) : Optional.empty();
    } catch (IllegalArgumentException | CharacterCodingException e) {
      return Optional.empty();
    }
  }
}
