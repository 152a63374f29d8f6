package dev.trunkline.outbound;

import io.vertx.core.buffer.Buffer;
import java.util.Map;

/**
 * What to ask of another host.
 *
 * @param method such as {@code GET}; not {@code CONNECT} or {@code TRACE}
 * @param url absolute, {@code http} or {@code https}
 * @param headers without those that frame the message ({@code Host}, {@code Content-Length}, …)
 * @param body empty for none
 * @param followRedirects false to be handed the 3xx itself
 */
public record OutboundRequest(
    String method, String url, Map<String, String> headers, Buffer body, boolean followRedirects) {

  public OutboundRequest {
    headers = Map.copyOf(headers);
  }

  /** A GET that follows redirects. */
  public static OutboundRequest get(String url, Map<String, String> headers) {
    return new OutboundRequest("GET", url, headers, Buffer.buffer(), true);
  }
}
