package dev.trunkline.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The bodies of the requests that workers send, as they are written; {@link LeaseReader} makes
 * sense of them.
 */
final class LeaseRequests {

  private LeaseRequests() {}

  @RegisterForReflection
  @Schema(name = "LeaseRequest", description = "Asks for tasks: of some types, or of some queues.")
  record Ask(
      @Schema(
              description = "Tasks of these types, in whatever queue; not together with queues",
              minItems = 1,
              maxItems = 100,
              examples = "[\"thumbnail\"]")
          @Nullable List<@Nullable String> types,
      @Schema(
              description = "Tasks of these queues, of whatever type; not together with types",
              minItems = 1,
              maxItems = 100)
          @Nullable List<@Nullable String> queues,
      @Schema(
              description = "How many at most; an answer never holds more than 100",
              minimum = "1",
              maximum = "1000",
              defaultValue = "1",
              examples = "10")
          @Nullable Integer max,
      @Schema(
              description = "ISO 8601 duration of each lease, PT1S to PT1H",
              defaultValue = "PT60S",
              examples = "PT60S")
          @Nullable String lease,
      @Schema(
              description = "ISO 8601 duration to wait for the first task; more is taken for PT60S",
              defaultValue = "PT0S",
              examples = "PT20S")
          @JsonProperty("wait")
          @Nullable String patience,
      @Schema(
              description = "What the worker is called where people read of it",
              pattern = "[!-~]{1,100}",
              defaultValue = "http",
              examples = "thumbnails-1")
          @Nullable String worker) {}

  @RegisterForReflection
  @Schema(name = "HeartbeatRequest", description = "A sign of life; every field may be left out.")
  record Heartbeat(
      @Nullable Progress progress,
      @Schema(
              description =
                  "ISO 8601 duration that the lease lasts from now on, PT1S to PT1H; as long as"
                      + " before where it is left out",
              examples = "PT60S")
          @Nullable String lease) {}

  @RegisterForReflection
  @Schema(name = "ProgressReport")
  record Progress(
      @Schema(required = true, minimum = "0", maximum = "100", examples = "40")
          @Nullable Integer percent,
      @Schema(maxLength = 1000, examples = "page 4 of 10") @Nullable String message) {}

  @RegisterForReflection
  @Schema(name = "CompleteRequest")
  record Complete(
      @Schema(required = true, description = "Any JSON, null too", implementation = Object.class)
          @Nullable JsonNode result) {}

  @RegisterForReflection
  @Schema(name = "FailRequest")
  record Fail(
      @Schema(
              required = true,
              description = "What went wrong, for people; at most 2,000 characters are kept",
              examples = "the picture has no pixels")
          @Nullable String message,
      @Schema(
              description = "False where no other attempt can help: the task fails for good",
              defaultValue = "true")
          @Nullable Boolean retry,
      @Schema(
              description =
                  "ISO 8601 duration until the next attempt; the usual backoff where it is left"
                      + " out",
              examples = "PT30S")
          @Nullable String delay) {}

  @RegisterForReflection
  @Schema(name = "CompletionsRequest")
  record Completions(
      @Schema(required = true, minItems = 1, maxItems = 500)
          @Nullable List<@Nullable Item> completions) {}

  @RegisterForReflection
  @Schema(name = "Completion")
  record Item(
      @Schema(required = true, description = "Of the lease") @Nullable String token,
      @Schema(required = true, description = "Any JSON, null too", implementation = Object.class)
          @Nullable JsonNode result) {}
}
