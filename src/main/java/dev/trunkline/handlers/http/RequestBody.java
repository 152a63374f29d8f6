package dev.trunkline.handlers.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a payload's {@code body} is on the wire.
 *
 * @param value empty for no body at all
 */
record RequestBody(Optional<JsonNode> value) {

  static RequestBody of(@Nullable JsonNode body) {
    return new RequestBody(Optional.ofNullable(body).filter(value -> !value.isNull()));
  }

  /** A text in UTF-8, any other value as JSON. */
  Buffer bytes() {
    return Buffer.buffer(
        value.map(body -> body.isTextual() ? body.textValue() : body.toString()).orElse(""));
  }

  /** What it is, where the payload does not say. */
  Optional<String> contentType() {
    return value.map(body -> body.isTextual() ? "text/plain; charset=utf-8" : "application/json");
  }
}
