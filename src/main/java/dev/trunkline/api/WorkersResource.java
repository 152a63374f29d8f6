package dev.trunkline.api;

import dev.trunkline.inspect.WorkerReader;
import dev.trunkline.inspect.WorkerStatus;
import dev.trunkline.security.Roles;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.headers.Header;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The workers, in the service and outside of it. */
@Path(WorkersResource.PATH)
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@RolesAllowed(Roles.OPERATOR)
@Tag(name = "workers")
public class WorkersResource {

  static final String PATH = "/api/v1/workers";

  private static final NamedPages PAGES = new NamedPages(PATH, 'w');

  private final WorkerReader workers;

  WorkersResource(WorkerReader workers) {
    this.workers = workers;
  }

  @GET
  @Operation(
      operationId = "listWorkers",
      summary = "List the workers that live, and what they run",
      description =
          "Ordered by name: the processes of the service, and whoever works over HTTP, one for each"
              + " name.")
  @APIResponse(
      responseCode = "200",
      description = "A page of the list",
      headers =
          @Header(
              name = "Link",
              description = "The next page (RFC 8288, rel=\"next\"); absent on the last one",
              schema = @Schema(implementation = String.class)),
      content = @Content(schema = @Schema(implementation = WorkerView.PageView.class)))
  @ProblemResponses
  public Response list(@BeanParam PageQuery documented, UriInfo uri) {
    return PAGES.answer(uri, workers::page, WorkerStatus::place, WorkerView.PageView::of);
  }
}
