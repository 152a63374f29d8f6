package dev.trunkline.api;

import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * The {@code instance} of a problem: the path of the request as it came, so that the client finds
 * its own words again. What no URI may hold (RFC 3986, 3.3) is escaped, for a server takes more.
 */
final class Instance {

  private static final Pattern NOT_IN_A_PATH =
      Pattern.compile("%(?![0-9A-Fa-f]{2})|[^A-Za-z0-9\\-._~!$&'()*+,;=:@/%]");

  private Instance() {}

  static String of(HttpServerRequest request) {
    String path = request.path();
    return path == null ? "/" : of(path);
  }

  static String of(String path) {
    String escaped = NOT_IN_A_PATH.matcher(path).replaceAll(found -> escape(found.group()));
    // What follows two slashes would be a host (RFC 3986, 4.2).
    return escaped.startsWith("//") ? "/." + escaped : escaped;
  }

  private static String escape(String characters) {
    StringBuilder escaped = new StringBuilder();
    for (byte one : characters.getBytes(StandardCharsets.UTF_8)) {
      escaped.append("%%%02X".formatted(one));
    }
    return escaped.toString();
  }
}
