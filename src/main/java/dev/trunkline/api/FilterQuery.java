package dev.trunkline.api;

import jakarta.ws.rs.QueryParam;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.jspecify.annotations.Nullable;

/**
 * The filters of the list as the OpenAPI document shows them. What is read are the {@link
 * Parameters}, for this hears nothing of a parameter that is unknown or given twice.
 */
public class FilterQuery {

  @QueryParam("state")
  @Parameter(
      description = "What state the task is in",
      schema =
          @Schema(
              enumeration = {"scheduled", "queued", "running", "succeeded", "failed", "cancelled"}))
  @Nullable String state;

  @QueryParam("type")
  @Parameter(
      description = "The task's type",
      schema = @Schema(pattern = "[a-z0-9][a-z0-9._-]{0,99}"))
  @Nullable String type;

  @QueryParam("queue")
  @Parameter(
      description = "The task's queue",
      schema = @Schema(pattern = "[a-z0-9][a-z0-9._-]{0,99}"))
  @Nullable String queue;

  @QueryParam("tag")
  @Parameter(
      description = "One of the task's tags",
      schema = @Schema(minLength = 1, maxLength = 100))
  @Nullable String tag;

  @QueryParam("createdAfter")
  @Parameter(description = "Later than this", schema = @Schema(format = "date-time"))
  @Nullable String createdAfter;

  @QueryParam("createdBefore")
  @Parameter(description = "Earlier than this", schema = @Schema(format = "date-time"))
  @Nullable String createdBefore;

  @QueryParam("cursor")
  @Parameter(description = "The next of a page before this one, under the same filters")
  @Nullable String cursor;
}
