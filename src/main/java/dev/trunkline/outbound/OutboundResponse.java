package dev.trunkline.outbound;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.Optional;

/**
 * What the last host on the way answered.
 *
 * @param url where the answer came from, after redirects
 * @param headers by name, upper or lower case
 * @param body decompressed, within {@code trunkline.outbound.max-body-bytes}
 */
public record OutboundResponse(String url, int status, MultiMap headers, Buffer body) {

  private static final int TOO_MANY_REQUESTS = 429;

  public Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name));
  }

  /**
   * This answer, where its status is 2xx.
   *
   * @throws OutboundException.Failed for 429 and 5xx, with what {@code Retry-After} says
   * @throws OutboundException.Refused for every other status
   */
  public OutboundResponse successful() throws OutboundException {
    if (status >= 200 && status < 300) {
      return this;
    }
    String reason = "the host answered with status " + status;
    if (status == TOO_MANY_REQUESTS || status >= 500) {
      throw new OutboundException.Failed(
          reason, header("Retry-After").flatMap(value -> RetryAfter.parse(value, Instant.now())));
    }
    throw new OutboundException.Refused(reason);
  }
}
