package dev.trunkline.outbound;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The text of a URL as people and servers write it, brought to what RFC 3986 allows: spaces, quotes
 * and the like become percent escapes, as in a browser.
 */
final class UrlText {

  private static final Pattern TO_ESCAPE = Pattern.compile("[ \"<>\\\\^`{|}]|%(?![0-9a-fA-F]{2})");

  private UrlText() {}

  static URI uri(String text) throws OutboundException {
    if (text.length() > OutboundUrl.LONGEST) {
      throw new OutboundException.Refused(
          "the URL is longer than %d characters".formatted(OutboundUrl.LONGEST));
    }
    try {
      return new URI(TO_ESCAPE.matcher(text).replaceAll(c -> escape(c.group())));
    } catch (URISyntaxException e) {
      throw new OutboundException.Refused("the URL is malformed: " + e.getReason());
    }
  }

  /** Path and query, in ASCII. */
  static String target(URI uri) {
    URI ascii = URI.create(uri.toASCIIString());
    String path = Optional.ofNullable(ascii.getRawPath()).filter(p -> !p.isEmpty()).orElse("/");
    return path + Optional.ofNullable(ascii.getRawQuery()).map(query -> "?" + query).orElse("");
  }

  private static String escape(String text) {
    return "%%%02X".formatted((int) text.charAt(0));
  }
}
