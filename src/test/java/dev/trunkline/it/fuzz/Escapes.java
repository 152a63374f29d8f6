package dev.trunkline.it.fuzz;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** Texts as parts of an address. */
final class Escapes {

  private Escapes() {}

  static String of(String text) {
    String escaped = URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    // An empty step, or one of dots, would be another path.
    return escaped.isEmpty() || escaped.matches("\\.+") ? "%20" + escaped : escaped;
  }
}
