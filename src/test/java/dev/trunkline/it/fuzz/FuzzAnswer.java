package dev.trunkline.it.fuzz;

import io.vertx.core.MultiMap;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * What came back.
 *
 * @param complete false for a stream that was left before its end
 */
public record FuzzAnswer(int status, MultiMap headers, byte[] body, boolean complete) {

  private static final int SHOWN = 400;

  public Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name));
  }

  /** The media type without its parameters. */
  public String type() {
    return header("Content-Type").map(type -> type.split(";", 2)[0].strip()).orElse("");
  }

  public String text() {
    return new String(body, StandardCharsets.UTF_8);
  }

  @Override
  public String toString() {
    String text = text();
    return status + " " + type() + " " + text.substring(0, Math.min(SHOWN, text.length()));
  }
}
