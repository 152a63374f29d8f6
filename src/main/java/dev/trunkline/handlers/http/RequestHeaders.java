package dev.trunkline.handlers.http;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/** The headers of a task's request: those that were asked for, and what is added to them. */
final class RequestHeaders {

  private static final Set<String> SAFE_METHODS = Set.of("GET", "HEAD", "OPTIONS");

  private RequestHeaders() {}

  /**
   * The one place where headers are added; what the payload sets stays. A request that changes
   * something carries its task's id as {@code Idempotency-Key}, the same in every attempt, so that
   * a host that knows the header does it once.
   */
  static Map<String, String> of(HttpRequest request, UUID taskId) {
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    RequestBody.of(request.body())
        .contentType()
        .ifPresent(type -> headers.put("Content-Type", type));
    if (!SAFE_METHODS.contains(request.method())) {
      headers.put("Idempotency-Key", "\"" + taskId + "\"");
    }
    request
        .headersOrNone()
        .forEach(
            (name, value) -> {
              headers.remove(name);
              headers.put(name, value);
            });
    return headers;
  }
}
