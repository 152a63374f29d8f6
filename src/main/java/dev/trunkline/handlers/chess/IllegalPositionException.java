package dev.trunkline.handlers.chess;

import java.io.Serial;

/** The refusal of a position; its message tells a client the one thing that is wrong with it. */
final class IllegalPositionException extends RuntimeException {

  @Serial private static final long serialVersionUID = 1L;

  /**
   * A refusal.
   *
   * @param reason for clients; holds no part of their input but names of squares
   */
  IllegalPositionException(String reason) {
    super(reason, null, false, false);
  }

  String reason() {
    return String.valueOf(getMessage());
  }

  /** Refuses unless the condition holds; the reason is formatted as {@link String#format} does. */
  @SuppressWarnings("AnnotateFormatMethod") // that annotation is not worth a dependency here
  static void require(boolean holds, String reason, Object... values) {
    if (!holds) {
      throw new IllegalPositionException(reason.formatted(values));
    }
  }
}
