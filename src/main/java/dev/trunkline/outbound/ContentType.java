package dev.trunkline.outbound;

import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a {@code Content-Type} says (RFC 9110, 8.3). Names of charsets are read as the Encoding
 * Standard says, where Latin-1 and ASCII mean windows-1252: that is what pages that claim them are
 * written in, curly quotes included.
 *
 * @param type in lower case, without parameters; empty where the header is missing
 * @param charset where one is named that is known here
 */
public record ContentType(String type, Optional<Charset> charset) {

  private static final Pattern PARAMETER =
      Pattern.compile("(?i);\\s*charset\\s*=\\s*[\"']?([^\\s;\"']+)");

  private static final Charset WINDOWS_1252 = Charset.forName("windows-1252");
  private static final Set<Charset> TAKEN_FOR_WINDOWS_1252 =
      Set.of(StandardCharsets.ISO_8859_1, StandardCharsets.US_ASCII);

  /** What a header's value says. */
  public static ContentType parse(String header) {
    String type = header.replaceFirst(";.*", "").strip().toLowerCase(Locale.ROOT);
    Matcher charset = PARAMETER.matcher(header);
    return new ContentType(
        type, charset.find() ? known(charset.group(1)).map(ContentType::meant) : Optional.empty());
  }

  /** The charset that a name stands for in practice. */
  public static Charset meant(Charset named) {
    return TAKEN_FOR_WINDOWS_1252.contains(named) ? WINDOWS_1252 : named;
  }

  /** Whether this is JSON, or a format that is written in it (RFC 6839, 3.1). */
  public boolean isJson() {
    return type.equals("application/json") || type.equals("text/json") || type.endsWith("+json");
  }

  private static Optional<Charset> known(String name) {
    try {
      return Charset.isSupported(name) ? Optional.of(Charset.forName(name)) : Optional.empty();
    } catch (IllegalCharsetNameException e) {
      return Optional.empty();
    }
  }
}
