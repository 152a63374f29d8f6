package dev.trunkline.api;

import jakarta.ws.rs.QueryParam;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.jspecify.annotations.Nullable;

/**
 * The query of a list ordered by name as the OpenAPI document shows it. What is read are the {@link
 * Parameters}, for this hears nothing of a parameter that is unknown or given twice.
 */
public class PageQuery {

  @QueryParam("limit")
  @Parameter(
      description = "Items at most",
      schema =
          @Schema(
              implementation = Integer.class,
              minimum = "1",
              maximum = "" + NamedPages.HIGHEST_LIMIT,
              defaultValue = "" + NamedPages.LIMIT))
  @Nullable String limit;

  @QueryParam("cursor")
  @Parameter(description = "The next of a page before this one")
  @Nullable String cursor;
}
