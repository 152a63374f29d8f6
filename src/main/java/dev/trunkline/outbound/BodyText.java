package dev.trunkline.outbound;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The way from a body's bytes to its characters. */
final class BodyText {

  private BodyText() {}

  /** A byte order mark decides, then the declared charset, and otherwise it is UTF-8. */
  static String of(byte[] bytes, Optional<Charset> declared) {
    Charset charset = byteOrderMark(bytes).or(() -> declared).orElse(StandardCharsets.UTF_8);
    return new String(bytes, charset).replaceFirst("^\uFEFF", "");
  }

  private static Optional<Charset> byteOrderMark(byte[] bytes) {
    if (startsWith(bytes, 0xEF, 0xBB, 0xBF)) {
      return Optional.of(StandardCharsets.UTF_8);
    }
    if (startsWith(bytes, 0xFE, 0xFF)) {
      return Optional.of(StandardCharsets.UTF_16BE);
    }
    return startsWith(bytes, 0xFF, 0xFE)
        ? Optional.of(StandardCharsets.UTF_16LE)
        : Optional.empty();
  }

  private static boolean startsWith(byte[] bytes, int... mark) {
    for (int i = 0; i < mark.length; i++) {
      if (bytes.length <= i || (bytes[i] & 0xff) != mark[i]) {
        return false;
      }
    }
    return true;
  }
}
