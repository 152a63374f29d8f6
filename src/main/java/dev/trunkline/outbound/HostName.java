package dev.trunkline.outbound;

import java.net.IDN;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The host of a URL in the one form that is resolved, sent and compared: lower-case ASCII, without
 * the trailing dot, IPv6 without brackets.
 *
 * <p>What looks like a number is an address (URL Standard, "ends in a number checker") and has to
 * be written as four decimal numbers: {@code 127.1}, {@code 0x7f000001}, {@code 2130706433} and
 * {@code 0177.0.0.1}, which parsers read in different ways, are refused.
 */
final class HostName {

  private static final int LONGEST = 253;
  private static final String LABEL = "[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?";
  private static final Pattern NAME = Pattern.compile(LABEL + "(?:\\." + LABEL + ")*");
  private static final Pattern NUMERIC = Pattern.compile("(?:.*\\.)?(?:[0-9]+|0x[0-9a-f]*)");
  private static final String BYTE = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
  private static final Pattern IPV4 = Pattern.compile(BYTE + "(?:\\." + BYTE + "){3}");

  private HostName() {}

  /**
   * The host in its one form.
   *
   * @param raw as it stands in a URL, an IPv6 address in brackets
   */
  static String normalised(String raw) throws OutboundException {
    return raw.startsWith("[") ? ipv6(raw) : nameOrIpv4(raw);
  }

  /** True for a normalised host that is an address and needs no lookup. */
  static boolean isAddress(String host) {
    return host.contains(":") || IPV4.matcher(host).matches();
  }

  private static String nameOrIpv4(String raw) throws OutboundException {
    String host = withoutTrailingDot(ascii(raw).toLowerCase(Locale.ROOT));
    Pattern form = NUMERIC.matcher(host).matches() ? IPV4 : NAME;
    if (host.length() > LONGEST || !form.matcher(host).matches()) {
      throw refused(raw);
    }
    return host;
  }

  private static String ascii(String raw) throws OutboundException {
    if (raw.chars().allMatch(c -> c < 0x80)) {
      return raw;
    }
    try {
      return IDN.toASCII(raw);
    } catch (IllegalArgumentException e) {
      throw refused(raw);
    }
  }

  private static String withoutTrailingDot(String host) {
    return host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
  }

  /** Without a zone, which names one of our interfaces, and not an IPv4 address in disguise. */
  private static String ipv6(String raw) throws OutboundException {
    String literal = raw.substring(1, raw.length() - 1);
    if (literal.contains("%") || parsed(literal, raw) instanceof Inet4Address) {
      throw refused(raw);
    }
    return parsed(literal, raw).getHostAddress();
  }

  private static InetAddress parsed(String literal, String raw) throws OutboundException {
    try {
      return InetAddress.ofLiteral(literal);
    } catch (IllegalArgumentException e) {
      throw refused(raw);
    }
  }

  private static OutboundException refused(String raw) {
    return new OutboundException.Refused(
        "the URL's host %s is neither a host name nor an address in its usual form".formatted(raw));
  }
}
