package dev.trunkline.outbound;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What a task's author may put into a request, and what of it a redirect may carry on. */
final class RequestRules {

  private static final Pattern METHOD = Pattern.compile("[A-Z]{1,20}");
  private static final Set<String> FORBIDDEN_METHODS = Set.of("CONNECT", "TRACE");

  /** A token and a field value (RFC 9110, 5.1 and 5.5): no line breaks, so no second request. */
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,200}");

  private static final Pattern VALUE = Pattern.compile("[\\x20-\\x7e\\x80-\\xff\\t]{0,8192}");

  /** Those that frame the message or speak to the next hop; the client sets them. */
  private static final Set<String> FRAMING =
      Set.of(
          "host",
          "content-length",
          "transfer-encoding",
          "connection",
          "keep-alive",
          "upgrade",
          "te",
          "trailer",
          "expect",
          "accept-encoding",
          "http2-settings");

  private static final Set<String> SAFE_FOR_OTHERS =
      Set.of("accept", "accept-language", "content-type", "content-language", "user-agent");

  private RequestRules() {}

  static void check(OutboundRequest request) throws OutboundException {
    require(
        METHOD.matcher(request.method()).matches() && !FORBIDDEN_METHODS.contains(request.method()),
        "the method " + request.method() + " cannot be used");
    for (Map.Entry<String, String> header : request.headers().entrySet()) {
      require(settable(header.getKey()), "a header cannot be set: " + header.getKey());
      require(
          VALUE.matcher(header.getValue()).matches(),
          "the header %s has a value that cannot be sent".formatted(header.getKey()));
    }
  }

  /**
   * Without whatever may be a secret, such as {@code Authorization}, {@code Cookie} or {@code
   * X-Api-Key}: it was meant for the first host.
   */
  static Map<String, String> safeForOtherOrigins(Map<String, String> headers) {
    return only(headers, SAFE_FOR_OTHERS::contains);
  }

  /** Without those that describe a body. */
  static Map<String, String> withoutBody(Map<String, String> headers) {
    return only(headers, name -> !name.startsWith("content-"));
  }

  private static boolean settable(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return NAME.matcher(name).matches() && !FRAMING.contains(lower) && !lower.startsWith("proxy-");
  }

  private static Map<String, String> only(Map<String, String> headers, Predicate<String> names) {
    return headers.entrySet().stream()
        .filter(header -> names.test(header.getKey().toLowerCase(Locale.ROOT)))
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  private static void require(boolean holds, String otherwise) throws OutboundException {
    if (!holds) {
      throw new OutboundException.Refused(otherwise);
    }
  }
}
