package dev.trunkline.outbound;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
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

  public ContentType contentType() {
    return ContentType.parse(header("Content-Type").orElse(""));
  }

  /** The encoding that the body is still in, because it is none that is known here. */
  public Optional<String> unknownEncoding() {
    return header("Content-Encoding").filter(name -> !name.equalsIgnoreCase("identity"));
  }

  /** The body's characters, without a byte order mark. */
  public String text() {
    return BodyText.of(body.getBytes(), contentType().charset());
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
    throw fault("");
  }

  /**
   * This answer as a fault: one that may pass for 429 and 5xx, with what {@code Retry-After} says,
   * and one that stays for every other status.
   *
   * @param remark what is said after the status, a blank first
   */
  public OutboundException fault(String remark) {
    String reason = "the host answered with status " + status + remark;
    return status == TOO_MANY_REQUESTS || status >= 500
        ? new OutboundException.Failed(reason, retryAfter())
        : new OutboundException.Refused(reason);
  }

  /** How long the host asks to be left alone, at most a day. */
  public Optional<Duration> retryAfter() {
    return header("Retry-After").flatMap(value -> RetryAfter.parse(value, Instant.now()));
  }
}
