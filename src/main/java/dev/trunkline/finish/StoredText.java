package dev.trunkline.finish;

import java.nio.charset.StandardCharsets;

/** A text that somebody gave, made fit to be stored: bounded, and nothing PostgreSQL refuses. */
final class StoredText {

  private StoredText() {}

  /** At most so many characters of it, without NULs and halves of surrogate pairs. */
  static String of(String text, int atMost) {
    String beginning = text.substring(0, Math.min(text.length(), atMost)).replace('\0', ' ');
    // Encoding puts a question mark where a half stands alone, also one that the cut has made.
    return new String(beginning.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
  }
}
