package dev.trunkline.outbound;

import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * What to ask of another host.
 *
 * @param method such as {@code GET}; not {@code CONNECT} or {@code TRACE}
 * @param url absolute, {@code http} or {@code https}
 * @param headers without those that frame the message ({@code Host}, {@code Content-Length}, …)
 * @param body empty for none
 * @param followRedirects false to be handed the 3xx itself
 * @param patience how long the host may take until its answer begins, redirects included; then
 *     {@code trunkline.outbound.timeout} is for the body alone. Empty: it is for everything
 * @param readsBody false where the status says it all: the answer's body is left unread
 */
public record OutboundRequest(
    String method,
    String url,
    Map<String, String> headers,
    Buffer body,
    boolean followRedirects,
    Optional<Duration> patience,
    boolean readsBody) {

  public OutboundRequest {
    headers = Map.copyOf(headers);
  }

  public OutboundRequest(
      String method,
      String url,
      Map<String, String> headers,
      Buffer body,
      boolean followRedirects) {
    this(method, url, headers, body, followRedirects, Optional.empty(), true);
  }

  /** A GET that follows redirects. */
  public static OutboundRequest get(String url, Map<String, String> headers) {
    return new OutboundRequest("GET", url, headers, Buffer.buffer(), true);
  }

  /** The same request to a host that may take this long before it begins to answer. */
  public OutboundRequest withPatience(Duration untilAnswer) {
    return new OutboundRequest(
        method, url, headers, body, followRedirects, Optional.of(untilAnswer), readsBody);
  }

  /** The same request, of whose answer only the head is read. */
  public OutboundRequest withoutAnswersBody() {
    return new OutboundRequest(method, url, headers, body, followRedirects, patience, false);
  }
}
