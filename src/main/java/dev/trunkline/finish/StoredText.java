package dev.trunkline.finish;

import java.nio.charset.StandardCharsets;

/** A text that somebody gave, made fit to be stored: bounded, and nothing PostgreSQL refuses. */
final class StoredText {

  private StoredText() {}

  /** At most so many characters of it, without NULs and halves of surrogate pairs. */
  static String of(String text, int atMost) {
    boolean cutsInTwo =
        text.length() > atMost && Character.isHighSurrogate(text.charAt(atMost - 1));
    int end = Math.min(text.length(), cutsInTwo ? atMost - 1 : atMost);
    String beginning = text.substring(0, end).replace('\0', ' ');
    // Encoding puts a question mark where a half of a pair stands alone.
    return new String(beginning.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
  }
}
