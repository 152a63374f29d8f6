package dev.trunkline.api;

import dev.trunkline.callback.Deliveries;
import dev.trunkline.inspect.TaskReader;
import dev.trunkline.inspect.TaskView;
import dev.trunkline.security.Roles;
import dev.trunkline.task.Task;
import dev.trunkline.task.TasksReady;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.event.Event;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.headers.Header;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The callbacks of a task: how they went, and once more. */
@Path("/api/v1/tasks/{id}/callbacks")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@RolesAllowed({Roles.SUBMITTER, Roles.OPERATOR})
@Tag(name = "callbacks")
public class CallbacksResource {

  private final TaskReader tasks;
  private final Deliveries deliveries;
  private final Event<TasksReady> ready;

  CallbacksResource(TaskReader tasks, Deliveries deliveries, Event<TasksReady> ready) {
    this.tasks = tasks;
    this.deliveries = deliveries;
    this.ready = ready;
  }

  @GET
  @Operation(
      operationId = "listCallbacks",
      summary = "List the deliveries of a task's callback",
      description =
          "The newest hundred, the newest first; none before the task is final, and none where it"
              + " was submitted without a callback. Each is a task of its own.")
  @APIResponse(
      responseCode = "200",
      description = "The deliveries",
      content = @Content(schema = @Schema(implementation = CallbackView.ListView.class)))
  @ProblemResponses
  public CallbackView.ListView list(@PathParam("id") String id) {
    return CallbackView.ListView.of(deliveries.of(tasks.task(id).id));
  }

  @POST
  @Path("/redeliver")
  @Operation(
      operationId = "redeliverCallback",
      summary = "Deliver a task's callback once more",
      description =
          "Makes another delivery of the present final state, whatever became of the others. Its"
              + " webhook-id is the same, so that a receiver can tell that it knows it already.")
  @APIResponse(
      responseCode = "202",
      description = "The new delivery, a task like any other",
      headers =
          @Header(
              name = HttpHeaders.LOCATION,
              description = "The task that delivers",
              schema = @Schema(implementation = String.class)),
      content = @Content(schema = @Schema(implementation = TaskView.class)))
  @ProblemResponses({ProblemKind.NO_CALLBACK, ProblemKind.WRONG_STATE})
  public Response redeliver(@PathParam("id") String id) {
    Task delivery = tasks.task(deliveries.again(tasks.task(id).id).toString());
    ready.fire(new TasksReady(true, true));
    return Response.accepted(TaskView.of(delivery))
        .header(HttpHeaders.LOCATION, "/api/v1/tasks/" + delivery.id)
        .build();
  }
}
