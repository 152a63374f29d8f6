package dev.trunkline.api;

import java.util.List;
import java.util.regex.Pattern;

/**
 * {@code ETag} and {@code If-None-Match} (RFC 9110, 8.8.3 and 13.1.2). {@code Request} of Jakarta
 * REST compares strongly, where this header wants the weak comparison, and takes tags with commas
 * apart.
 */
final class EntityTags {

  private static final Pattern TAG = Pattern.compile("(?:W/)?(\"[^\"]*+\")");

  private EntityTags() {}

  /** A strong tag. */
  static String strong(String digest) {
    return '"' + digest + '"';
  }

  /**
   * Whether a client has this representation already.
   *
   * @param headers the values of all header fields {@code If-None-Match}
   */
  static boolean match(List<String> headers, String tag) {
    return headers.stream()
        .anyMatch(
            header ->
                header.strip().equals("*")
                    || TAG.matcher(header).results().anyMatch(one -> one.group(1).equals(tag)));
  }
}
