package dev.trunkline.outbound;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What a task's author may put into a request, and what of it a redirect may carry on. */
public final class RequestRules {

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
      Set.of(
          "accept",
          "accept-language",
          "content-type",
          "content-language",
          "idempotency-key",
          "user-agent");

  private RequestRules() {}

  /** Why a method cannot be used. */
  public static Optional<String> methodFault(String method) {
    boolean usable = METHOD.matcher(method).matches() && !FORBIDDEN_METHODS.contains(method);
    return usable
        ? Optional.empty()
        : Optional.of("must be a method in capital letters, and not CONNECT or TRACE");
  }

  /** Why a header of this name cannot be set. */
  public static Optional<String> nameFault(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    if (!NAME.matcher(name).matches()) {
      return Optional.of("is not the name of a header");
    }
    return FRAMING.contains(lower) || lower.startsWith("proxy-")
        ? Optional.of("is a header that the service sets itself")
        : Optional.empty();
  }

  /** Why a header cannot have this value; without the value, which may be a secret. */
  public static Optional<String> valueFault(String value) {
    return VALUE.matcher(value).matches()
        ? Optional.empty()
        : Optional.of(
            "must be at most 8192 characters of Latin-1, without line breaks and control"
                + " characters");
  }

  static void check(OutboundRequest request) throws OutboundException {
    refuse("the method " + request.method(), methodFault(request.method()));
    for (Map.Entry<String, String> header : request.headers().entrySet()) {
      refuse("the header " + header.getKey(), nameFault(header.getKey()));
      refuse("the value of the header " + header.getKey(), valueFault(header.getValue()));
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

  private static Map<String, String> only(Map<String, String> headers, Predicate<String> names) {
    return headers.entrySet().stream()
        .filter(header -> names.test(header.getKey().toLowerCase(Locale.ROOT)))
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  private static void refuse(String what, Optional<String> fault) throws OutboundException {
    if (fault.isPresent()) {
      throw new OutboundException.Refused(what + " " + fault.get());
    }
  }
}
