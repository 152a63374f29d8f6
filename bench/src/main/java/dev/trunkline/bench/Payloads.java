package dev.trunkline.bench;

/** What the tasks carry. */
final class Payloads {

  private static final String AROUND = "{\"text\":\"\"}";

  private Payloads() {}

  /** JSON of so many bytes. */
  static String ofBytes(int bytes) {
    return "{\"text\":\"" + "x".repeat(Math.max(0, bytes - AROUND.length())) + "\"}";
  }
}
