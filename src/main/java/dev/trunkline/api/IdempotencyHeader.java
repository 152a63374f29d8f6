package dev.trunkline.api;

import dev.trunkline.task.Refusal;
import dev.trunkline.task.Refusal.Fault;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

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

  /** Characters of a key. */
  static final int LONGEST = 255;

  private IdempotencyHeader() {}

  /** The key, where there is a header. */
  static Optional<String> read(@Nullable String header) {
    return Optional.ofNullable(header).map(given -> key(given.strip()));
  }

  private static String key(String header) {
    Matcher quoted = QUOTED.matcher(header);
    String key = quoted.matches() ? quoted.group(1).replaceAll("\\\\(.)", "$1") : header;
    boolean wellFormed = quoted.matches() || BARE.matcher(header).matches();
    if (!wellFormed || key.isEmpty() || key.length() > LONGEST) {
      String wanted = "needs a quoted string of 1 to 255 characters in the header Idempotency-Key";
      throw new Refusal.Malformed(List.of(new Fault("", wanted))).exception();
    }
    return key;
  }
}
