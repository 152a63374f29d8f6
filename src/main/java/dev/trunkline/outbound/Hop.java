package dev.trunkline.outbound;

import io.vertx.core.buffer.Buffer;
import java.util.Map;
import java.util.Set;

/**
 * One request on the way to the answer: the first, or what a redirect made of it.
 *
 * @param followRedirects whether a redirect's body is of no interest
 * @param readsBody whether any answer's body is of interest
 */
record Hop(
    String method,
    OutboundUrl url,
    Map<String, String> headers,
    Buffer body,
    boolean followRedirects,
    boolean readsBody) {

  private static final Set<String> METHODS_WITH_BODY = Set.of("POST", "PUT", "PATCH");

  static Hop first(OutboundRequest request) throws OutboundException {
    RequestRules.check(request);
    OutboundUrl url = OutboundUrl.parse(request.url());
    return new Hop(
        request.method(),
        url,
        request.headers(),
        request.body(),
        request.followRedirects(),
        request.readsBody());
  }

  /**
   * True where a {@code Content-Length} has to be sent, also for a body of nothing (RFC 9110, 8.6).
   */
  boolean announcesBody() {
    return body.length() > 0 || METHODS_WITH_BODY.contains(method);
  }

  /** The same request to another URL. */
  Hop to(OutboundUrl next) {
    Map<String, String> kept =
        url.sameOrigin(next) ? headers : RequestRules.safeForOtherOrigins(headers);
    return new Hop(method, next, kept, body, followRedirects, readsBody);
  }

  /** The same request as a GET without a body. */
  Hop asGet() {
    return new Hop(
        "GET", url, RequestRules.withoutBody(headers), Buffer.buffer(), followRedirects, readsBody);
  }
}
