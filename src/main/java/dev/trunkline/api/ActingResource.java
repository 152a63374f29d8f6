package dev.trunkline.api;

import dev.trunkline.finish.Forgetter;
import dev.trunkline.finish.Retrier;
import dev.trunkline.inspect.TaskReader;
import dev.trunkline.inspect.TaskView;
import dev.trunkline.security.Roles;
import dev.trunkline.task.Task;
import dev.trunkline.task.TasksReady;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.event.Event;
import jakarta.ws.rs.DELETE;
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

/** What operators do to single tasks that have ended. */
@Path("/api/v1/tasks")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@RolesAllowed(Roles.OPERATOR)
@Tag(name = "tasks")
public class ActingResource {

  private final TaskReader tasks;
  private final Retrier retrier;
  private final Forgetter forgetter;
  private final Event<TasksReady> ready;

  ActingResource(TaskReader tasks, Retrier retrier, Forgetter forgetter, Event<TasksReady> ready) {
    this.tasks = tasks;
    this.retrier = retrier;
    this.forgetter = forgetter;
    this.ready = ready;
  }

  @POST
  @Path("/{id}/retry")
  @Operation(
      operationId = "retryTask",
      summary = "Run a failed or cancelled task again",
      description =
          "It is queued again, due now, with as many attempts as it had in the beginning. Its"
              + " history stays, and the numbers of its attempts go on. An expiresAt that has"
              + " passed is dropped.")
  @APIResponse(
      responseCode = "202",
      description = "The task is queued again",
      headers =
          @Header(
              name = "Retry-After",
              description = "Seconds until it is worth looking; absent where it has ended already",
              schema = @Schema(implementation = Integer.class)),
      content = @Content(schema = @Schema(implementation = TaskView.class)))
  @ProblemResponses(ProblemKind.WRONG_STATE)
  public Response retry(@PathParam("id") String id) {
    retrier.retry(tasks.task(id).id);
    ready.fire(new TasksReady(true));
    Task task = tasks.task(id);
    Response.ResponseBuilder answer = Response.accepted(TaskView.of(task));
    return task.state.isFinal()
        ? answer.build()
        : answer.header(HttpHeaders.RETRY_AFTER, RetryAfter.seconds(task)).build();
  }

  @DELETE
  @Produces({MediaType.APPLICATION_JSON, Problem.MEDIA_TYPE})
  @Path("/{id}")
  @Operation(
      operationId = "deleteTask",
      summary = "Forget a task that has ended",
      description =
          "With its payload, result, attempts and tags, and the deliveries of its callback that"
              + " have ended; its idempotency key is free.")
  @APIResponse(responseCode = "204", description = "The task is forgotten")
  @ProblemResponses(ProblemKind.WRONG_STATE)
  public void delete(@PathParam("id") String id) {
    forgetter.forget(tasks.task(id).id);
  }
}
