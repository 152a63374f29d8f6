package dev.trunkline.finish;

import java.util.Objects;

/**
 * How far an attempt has come.
 *
 * @param percent 0 to 100
 * @param message at most {@value #MESSAGE_LENGTH} characters
 */
public record ProgressReport(int percent, String message) {

  private static final int MESSAGE_LENGTH = 1_000;

  /**
   * A report within the bounds, whatever was given; without NULs, which PostgreSQL cannot store.
   */
  public static ProgressReport of(int percent, String message) {
    String text = Objects.requireNonNullElse(message, "");
    return new ProgressReport(Math.clamp(percent, 0, 100), StoredText.of(text, MESSAGE_LENGTH));
  }
}
