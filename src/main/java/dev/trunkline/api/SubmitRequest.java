package dev.trunkline.api;

import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import dev.trunkline.submit.StorableJson;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The body of {@code POST /tasks}, or one of a batch, as it is written; {@link SubmitReader} makes
 * sense of it.
 */
@RegisterForReflection
@Schema(description = "A task to be done. What is left out is taken from its type.")
record SubmitRequest(
    @Schema(required = true, description = "One of GET /task-types", examples = "echo")
        @Nullable String type,
    @Schema(
            required = true,
            description = "What the type takes; its JSON Schema is in GET /task-types",
            examples = "{\"text\":\"hello\",\"time\":3}",
            implementation = Object.class)
        @JsonDeserialize(using = StorableJson.Text.class)
        @Nullable String payload,
    @Schema(pattern = "[a-z0-9][a-z0-9._-]{0,99}", examples = "default") @Nullable String queue,
    @Schema(minimum = "0", maximum = "9", description = "0 runs first") @Nullable Integer priority,
    @Schema(maxItems = 20) @Nullable List<@Nullable String> tags,
    @Schema(description = "ISO 8601 duration until the first attempt", examples = "PT30S")
        @Nullable String delay,
    @Schema(
            description = "When the first attempt is due; not together with delay",
            format = "date-time")
        @Nullable String runAt,
    @Schema(minimum = "1", maximum = "1000") @Nullable Integer maxAttempts,
    @Schema(description = "ISO 8601 duration that one attempt may take", examples = "PT10M")
        @Nullable String timeout,
    @Schema(description = "No attempt starts after this", format = "date-time")
        @Nullable String expiresAt,
    @Schema(
            minLength = 1,
            maxLength = 255,
            description = "The same as the header Idempotency-Key, for tasks that share a request")
        @Nullable String idempotencyKey,
    @Schema(description = "Who is told when the task is final") @Nullable Callback callback) {

  /** Who is told. */
  @RegisterForReflection
  @Schema(name = "Callback")
  record Callback(
      @Schema(
              required = true,
              description = "An absolute http or https URL, to which the task is posted, signed",
              format = "uri",
              examples = "https://client.example/hooks/trunkline")
          @Nullable String url) {}
}
