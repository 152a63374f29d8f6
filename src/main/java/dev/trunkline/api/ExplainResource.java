package dev.trunkline.api;

import dev.trunkline.inspect.Explainer;
import dev.trunkline.inspect.Explanation;
import dev.trunkline.inspect.TaskReader;
import dev.trunkline.security.Roles;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Why a task does not run. */
@Path("/api/v1/tasks")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@RolesAllowed({Roles.SUBMITTER, Roles.OPERATOR})
@Tag(name = "tasks")
public class ExplainResource {

  private final TaskReader tasks;
  private final Explainer explainer;

  ExplainResource(TaskReader tasks, Explainer explainer) {
    this.tasks = tasks;
    this.explainer = explainer;
  }

  @GET
  @Path("/{id}/explain")
  @Operation(
      operationId = "explainTask",
      summary = "Tell why a task does not run yet",
      description =
          "In words and as data: scheduled until when, queue-paused, no-worker-for-type,"
              + " no-capacity with its position in the queue, and what else there is.")
  @APIResponse(
      responseCode = "200",
      description = "The reason",
      content = @Content(schema = @Schema(implementation = Explanation.class)))
  @ProblemResponses
  public Explanation explain(@PathParam("id") String id) {
    return explainer.explain(tasks.task(id).id);
  }
}
