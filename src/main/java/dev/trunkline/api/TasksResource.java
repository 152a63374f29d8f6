package dev.trunkline.api;

import dev.trunkline.api.LongPolls.LongPoll;
import dev.trunkline.finish.Canceller;
import dev.trunkline.inspect.TaskReader;
import dev.trunkline.inspect.TaskSnapshot;
import dev.trunkline.inspect.TaskView;
import dev.trunkline.security.Roles;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.headers.Header;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Looking at tasks, and cancelling them. */
@Path("/api/v1/tasks")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed({Roles.SUBMITTER, Roles.OPERATOR})
@RunOnVirtualThread
@Tag(name = "tasks")
public class TasksResource {

  private final TaskReader tasks;
  private final LongPolls polls;
  private final Canceller canceller;

  TasksResource(TaskReader tasks, LongPolls polls, Canceller canceller) {
    this.tasks = tasks;
    this.polls = polls;
    this.canceller = canceller;
  }

  @GET
  @Path("/{id}")
  @Operation(operationId = "getTask", summary = "Look at a task")
  @APIResponse(
      responseCode = "200",
      description = "The task as it stands",
      headers = {
        @Header(
            name = "Retry-After",
            description = "Seconds until it is worth looking again; absent on a final state",
            schema = @Schema(implementation = Integer.class)),
        @Header(
            name = "ETag",
            description = "Strong; another one whenever anything in the task is another",
            schema = @Schema(implementation = String.class)),
        @Header(
            name = "Preference-Applied",
            description = "wait=N, where Prefer asked for it: how long it would have waited",
            schema = @Schema(implementation = String.class))
      },
      content = @Content(schema = @Schema(implementation = TaskView.class)))
  @APIResponse(
      responseCode = "304",
      description = "The client has it already: one of its If-None-Match is the ETag",
      headers = {
        @Header(
            name = "ETag",
            description = "As with 200",
            schema = @Schema(implementation = String.class)),
        @Header(
            name = "Retry-After",
            description = "As with 200",
            schema = @Schema(implementation = Integer.class)),
        @Header(
            name = "Preference-Applied",
            description = "As with 200",
            schema = @Schema(implementation = String.class))
      })
  @ProblemResponses
  public Response get(
      @PathParam("id") String id,
      @HeaderParam("Prefer") List<String> prefer,
      @HeaderParam(HttpHeaders.IF_NONE_MATCH) List<String> ifNoneMatch) {
    try (LongPoll poll = polls.begin(prefer)) {
      TaskSnapshot task = poll.end(tasks.snapshot(id));
      return poll.appliedTo(TaskAnswers.found(task, ifNoneMatch)).build();
    }
  }

  @GET
  @Path("/{id}/attempts")
  @Operation(operationId = "listAttempts", summary = "List every attempt of a task")
  @APIResponse(
      responseCode = "200",
      description = "The attempts, the first one first",
      content = @Content(schema = @Schema(implementation = AttemptView.ListView.class)))
  @ProblemResponses
  public AttemptView.ListView attempts(@PathParam("id") String id) {
    return AttemptView.listOf(tasks.attempts(id));
  }

  @POST
  @Path("/{id}/cancel")
  @Operation(
      operationId = "cancelTask",
      summary = "Cancel a task",
      description =
          "A task that waits is cancelled at once (200). A running one is told to stop (202): its"
              + " handler is interrupted within a second or so, and the task is cancelled when its"
              + " attempt ends, unless that succeeds first.")
  @APIResponse(
      responseCode = "200",
      description = "The task is cancelled",
      content = @Content(schema = @Schema(implementation = TaskView.class)))
  @APIResponse(
      responseCode = "202",
      description = "The running attempt is told to stop",
      content = @Content(schema = @Schema(implementation = TaskView.class)))
  @ProblemResponses(ProblemKind.WRONG_STATE)
  public Response cancel(@PathParam("id") String id) {
    boolean ended = canceller.cancel(tasks.task(id).id);
    return Response.status(ended ? Response.Status.OK : Response.Status.ACCEPTED)
        .entity(TaskView.of(tasks.task(id)))
        .build();
  }
}
