package dev.trunkline.bench;

/** What the tasks carry: text that does not compress, since a database compresses what is long. */
final class Payloads {

  private static final String AROUND = "{\"text\":\"\"}";
  private static final String LETTERS =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

  private Payloads() {}

  /** JSON of so many bytes, the same each time. */
  static String ofBytes(int bytes) {
    return "{\"text\":\"" + text(Math.max(0, bytes - AROUND.length())) + "\"}";
  }

  /** As the peers make it: the upper bits of a linear congruential generator. */
  private static String text(int length) {
    StringBuilder text = new StringBuilder(length);
    for (int i = 0, state = 1; i < length; i++) {
      state = state * 1_664_525 + 1_013_904_223;
      text.append(LETTERS.charAt(state >>> 26));
    }
    return text.toString();
  }
}
