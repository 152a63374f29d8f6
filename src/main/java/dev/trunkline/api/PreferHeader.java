package dev.trunkline.api;

import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The {@code Prefer} header (RFC 7240), of which {@code wait} is understood here. Whatever else
 * there is, and what is not well-formed, is ignored: a preference that cannot be followed must not
 * make a request fail (section 2).
 */
final class PreferHeader {

  private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]++";

  /** A name, with a value or without; its parameters mean nothing to anybody here. */
  private static final Pattern PREFERENCE =
      Pattern.compile(
          "\\s*+(?<name>%s)\\s*+(?:=\\s*+(?<value>%s|\"[^\"]*+\")?\\s*+)?+(?:;.*+)?"
              .formatted(TOKEN, TOKEN),
          Pattern.DOTALL);

  private static final Pattern SECONDS = Pattern.compile("\"?([0-9]++)\"?");

  /** More seconds are taken for so many, as elsewhere in HTTP (RFC 9111, 1.2.2). */
  private static final BigInteger MOST = BigInteger.valueOf(Integer.MAX_VALUE);

  private PreferHeader() {}

  /**
   * How long the client would wait.
   *
   * @param headers the values of all header fields of that name
   */
  static Optional<Duration> waiting(List<String> headers) {
    // Only the first one of a name counts (section 2).
    return headers.stream()
        .flatMap(header -> split(header).stream())
        .map(PREFERENCE::matcher)
        .filter(Matcher::matches)
        .filter(preference -> preference.group("name").equalsIgnoreCase("wait"))
        .findFirst()
        .flatMap(preference -> Optional.ofNullable(preference.group("value")))
        .flatMap(PreferHeader::seconds);
  }

  private static Optional<Duration> seconds(String value) {
    return Optional.of(SECONDS.matcher(value))
        .filter(Matcher::matches)
        .map(seconds -> new BigInteger(seconds.group(1)).min(MOST))
        .map(seconds -> Duration.ofSeconds(seconds.longValue()));
  }

  /** At the commas that are not in quotes; a quotation that is not closed takes the rest along. */
  private static List<String> split(String header) {
    List<String> parts = new ArrayList<>();
    boolean quoted = false;
    int from = 0;
    for (int i = 0; i < header.length(); i++) {
      char c = header.charAt(i);
      if (quoted && c == '\\') {
        i++;
      } else if (c == '"') {
        quoted = !quoted;
      } else if (c == ',' && !quoted) {
        parts.add(header.substring(from, i));
        from = i + 1;
      }
    }
    parts.add(header.substring(from));
    return parts;
  }
}
