package dev.trunkline.api;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The filters of {@code POST /tasks/retry} as a body, for those who had rather not use the query.
 */
@RegisterForReflection
@Schema(description = "The same filters as in the query; each one in one of the two places")
record RedriveRequest(
    @Schema(description = "failed where it is left out", pattern = "failed|cancelled")
        @Nullable String state,
    @Schema(pattern = "[a-z0-9][a-z0-9._-]{0,99}") @Nullable String type,
    @Schema(pattern = "[a-z0-9][a-z0-9._-]{0,99}") @Nullable String queue,
    @Schema(minLength = 1, maxLength = 100) @Nullable String tag,
    @Schema(description = "Later than this", format = "date-time") @Nullable String createdAfter,
    @Schema(description = "Earlier than this", format = "date-time") @Nullable String createdBefore,
    @Schema(
            description = "Tasks at most",
            minimum = "1",
            maximum = "" + RedriveResource.HIGHEST_LIMIT)
        @Nullable Integer limit,
    @Schema(description = "The next of an answer before this one, under the same filters")
        @Nullable String cursor) {

  /** No filter, as the body {@code null} has none. */
  static RedriveRequest empty() {
    return new RedriveRequest(null, null, null, null, null, null, null, null);
  }

  /** What was given, by name. */
  Map<String, String> parameters() {
    Map<String, @Nullable Object> all = new LinkedHashMap<>();
    all.put("state", state);
    all.put("type", type);
    all.put("queue", queue);
    all.put("tag", tag);
    all.put("createdAfter", createdAfter);
    all.put("createdBefore", createdBefore);
    all.put("limit", limit);
    all.put("cursor", cursor);
    Map<String, String> given = new LinkedHashMap<>();
    all.forEach(
        (name, value) -> {
          if (value != null) {
            given.put(name, value.toString());
          }
        });
    return given;
  }
}
