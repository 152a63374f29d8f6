package dev.trunkline.outbound;

import java.net.URI;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An absolute {@code http} or {@code https} URL, taken apart once: what is looked up, checked and
 * asked for comes from here, so no two parsers can disagree about the host.
 *
 * @param host normalised, see {@link HostName}
 * @param target path and query as they are sent, in ASCII; the fragment is dropped
 */
public record OutboundUrl(boolean secure, String host, int port, String target) {

  /** The shape of a URL, for a {@code @Pattern} at the door; whether it may be reached is not. */
  public static final String PATTERN = "^[hH][tT][tT][pP][sS]?://[^\\s/?#@\\\\]+([/?#]\\S*)?$";

  /** What is wrong with a text that {@link #PATTERN} does not match. */
  public static final String EXPECTED =
      "must be an absolute http or https URL without a user name or password";

  /** The most characters of a URL. */
  public static final int LONGEST = 8_192;

  private static final Pattern AUTHORITY =
      Pattern.compile("(?<host>\\[[^\\[\\]]*]|[^\\[\\]:@]+)(?::(?<port>[0-9]{0,5}))?");

  /**
   * What is wrong with the form of a URL, in a sentence; whether it may be reached is not asked.
   */
  public static Optional<String> fault(String text) {
    try {
      parse(text);
      return Optional.empty();
    } catch (OutboundException e) {
      return Optional.of(e.reason());
    }
  }

  /**
   * Takes a URL apart.
   *
   * @throws OutboundException.Refused for one that is not absolute, not http, or not plain
   */
  public static OutboundUrl parse(String text) throws OutboundException {
    URI uri = UrlText.uri(text);
    boolean secure = "https".equalsIgnoreCase(uri.getScheme());
    if (!secure && !"http".equalsIgnoreCase(uri.getScheme())) {
      throw refused();
    }
    Matcher authority = AUTHORITY.matcher(Optional.ofNullable(uri.getRawAuthority()).orElse(""));
    if (!authority.matches()) {
      throw refused();
    }
    String host = HostName.normalised(authority.group("host"));
    int port = port(Optional.ofNullable(authority.group("port")).orElse(""), secure);
    return new OutboundUrl(secure, host, port, UrlText.target(uri));
  }

  /** Where a {@code Location} of this URL's answer leads (RFC 3986, 5). */
  OutboundUrl resolve(String location) throws OutboundException {
    if (location.startsWith("?")) { // java.net.URI follows RFC 2396 here and would drop the path
      return parse(origin() + target.replaceFirst("\\?.*", "") + location);
    }
    return parse(URI.create(toString()).resolve(UrlText.uri(location)).toString());
  }

  /** The {@code Host} header: the port only where it is not the scheme's own. */
  public String authority() {
    String name = host.contains(":") ? "[" + host + "]" : host;
    return port == defaultPort(secure) ? name : name + ":" + port;
  }

  boolean sameOrigin(OutboundUrl other) {
    return secure == other.secure && host.equals(other.host) && port == other.port;
  }

  @Override
  public String toString() {
    return origin() + target;
  }

  private String origin() {
    return (secure ? "https://" : "http://") + authority();
  }

  private static int port(String digits, boolean secure) throws OutboundException {
    int port = digits.isEmpty() ? defaultPort(secure) : Integer.parseInt(digits);
    if (port < 1 || port > 65_535) {
      throw new OutboundException.Refused("the URL's port must be 1 to 65535");
    }
    return port;
  }

  private static int defaultPort(boolean secure) {
    return secure ? 443 : 80;
  }

  private static OutboundException refused() {
    return new OutboundException.Refused("the URL " + EXPECTED);
  }
}
