package dev.trunkline.callback;

import java.security.SecureRandom;
import java.util.Base64;

/**
 * What a callback is signed with, as clients know it: {@code whsec_} and 24 to 64 bytes in Base64
 * (Standard Webhooks, "signature scheme"). It is never logged, and so its text says nothing.
 */
public record Secret(String text) {

  private static final String PREFIX = "whsec_";
  private static final int FEWEST_BYTES = 24;
  private static final int MOST_BYTES = 64;
  private static final int BYTES = 32;

  /**
   * @throws IllegalArgumentException saying what is wrong, without the secret
   */
  public Secret {
    if (!text.startsWith(PREFIX)) {
      throw new IllegalArgumentException("does not begin with " + PREFIX);
    }
    int length = decoded(text).length;
    if (length < FEWEST_BYTES || length > MOST_BYTES) {
      throw new IllegalArgumentException(
          "has %d bytes, and not %d to %d".formatted(length, FEWEST_BYTES, MOST_BYTES));
    }
  }

  static Secret random() {
    byte[] bytes = new byte[BYTES];
    new SecureRandom().nextBytes(bytes);
    return new Secret(PREFIX + Base64.getEncoder().encodeToString(bytes));
  }

  /** The key of the signature. */
  byte[] bytes() {
    return decoded(text);
  }

  @Override
  public String toString() {
    return PREFIX + "…";
  }

  private static byte[] decoded(String text) {
    try {
      return Base64.getDecoder().decode(text.substring(PREFIX.length()));
    } catch (IllegalArgumentException e) {
      // The decoder's own words quote what it was given.
      throw new IllegalArgumentException("is not Base64 behind " + PREFIX);
    }
  }
}
