package dev.trunkline.api;

import dev.trunkline.task.Refusal;
import dev.trunkline.task.Refusal.Fault;
import dev.trunkline.task.RefusedException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The {@code Idempotency-Key} header: a string of RFC 9651, so in quotes; taken without them too,
 * since many clients leave them out.
 */
final class IdempotencyHeader {

  /** For the OpenAPI document. */
  static final String FORM =
      "^(?:\"(?:[^\"\\\\\\x00-\\x1f\\x7f]|\\\\[\"\\\\]){1,255}\"|[!#-+\\-:<-\\[\\]-~]{1,255})$";

  private static final Pattern QUOTED =
      Pattern.compile("\"((?:[^\"\\\\\\x00-\\x1f\\x7f]|\\\\[\"\\\\])*)\"");
  private static final Pattern BARE = Pattern.compile("[\\x21-\\x7e&&[^\"\\\\,;]]+");

  static final String NAME = "Idempotency-Key";

  /** Characters of a key. */
  static final int LONGEST = 255;

  private IdempotencyHeader() {}

  /**
   * The key, where there is a header.
   *
   * @param lines all of that name: one with a key is no key to a client who sent two
   * @throws dev.trunkline.task.RefusedException unless it is one line with one key
   */
  static Optional<String> read(List<String> lines) {
    if (lines.size() > 1) {
      throw refused("needs one header Idempotency-Key, not " + lines.size());
    }
    return lines.stream().map(given -> key(given.strip())).findFirst();
  }

  private static String key(String header) {
    Matcher quoted = QUOTED.matcher(header);
    String key = quoted.matches() ? quoted.group(1).replaceAll("\\\\(.)", "$1") : header;
    boolean wellFormed = quoted.matches() || BARE.matcher(header).matches();
    if (!wellFormed || key.isEmpty() || key.length() > LONGEST) {
      throw refused("needs a quoted string of 1 to 255 characters in the header Idempotency-Key");
    }
    return key;
  }

  private static RefusedException refused(String wanted) {
    return new Refusal.Malformed(List.of(new Fault("", wanted))).exception();
  }
}
