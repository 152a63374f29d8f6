package dev.trunkline.api;

import dev.trunkline.inspect.TaskReader;
import dev.trunkline.inspect.TaskView;
import dev.trunkline.remote.HeldLeases;
import dev.trunkline.security.Roles;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** What a worker says of a lease that it holds, named by its token. */
@Path("/api/v1/leases/{token}")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@RolesAllowed({Roles.WORKER, Roles.OPERATOR})
@Tag(name = "leases")
public class LeaseResource {

  private final LeaseReader reader;
  private final HeldLeases held;
  private final TaskReader tasks;

  LeaseResource(LeaseReader reader, HeldLeases held, TaskReader tasks) {
    this.reader = reader;
    this.held = held;
    this.tasks = tasks;
  }

  @POST
  @Path("/heartbeat")
  @Operation(
      operationId = "heartbeatLease",
      summary = "Keep a lease",
      description =
          "Extends it, but not beyond the timeout of its task. Reports progress, and tells whether"
              + " a client wants the task cancelled. 409 where the lease is lost or over: stop"
              + " then.")
  @RequestBody(
      required = false,
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = LeaseRequests.Heartbeat.class)))
  @APIResponse(
      responseCode = "200",
      description = "The lease goes on",
      content = @Content(schema = @Schema(implementation = LeaseViews.Heartbeat.class)))
  @ProblemResponses({ProblemKind.NO_SUCH_LEASE, ProblemKind.LEASE_LOST})
  public LeaseViews.Heartbeat heartbeat(@PathParam("token") String token, byte[] body) {
    LeaseReader.Heartbeat beat = reader.heartbeat(body);
    return LeaseViews.Heartbeat.of(held.heartbeat(token, beat.progress(), beat.lease()));
  }

  @POST
  @Path("/complete")
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(
      operationId = "completeLease",
      summary = "End an attempt with success",
      description =
          "The task is succeeded with this result. Said again with the same token it is answered"
              + " the same, whatever the result. 409 where the lease is lost, or over in another"
              + " way.")
  @RequestBody(
      required = true,
      content = @Content(schema = @Schema(implementation = LeaseRequests.Complete.class)))
  @APIResponse(
      responseCode = "200",
      description = "The task has succeeded",
      content = @Content(schema = @Schema(implementation = TaskView.class)))
  @ProblemResponses({ProblemKind.NO_SUCH_LEASE, ProblemKind.LEASE_LOST})
  public TaskView complete(@PathParam("token") String token, byte[] body) {
    return view(held.complete(token, reader.result(body)));
  }

  @POST
  @Path("/fail")
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(
      operationId = "failLease",
      summary = "End an attempt without success",
      description =
          "The task is tried again after a pause while it has attempts left, unless retry is false."
              + " 409 where the lease is lost, or over in another way.")
  @RequestBody(
      required = true,
      content = @Content(schema = @Schema(implementation = LeaseRequests.Fail.class)))
  @APIResponse(
      responseCode = "200",
      description = "The task as it stands then",
      content = @Content(schema = @Schema(implementation = TaskView.class)))
  @ProblemResponses({ProblemKind.NO_SUCH_LEASE, ProblemKind.LEASE_LOST})
  public TaskView fail(@PathParam("token") String token, byte[] body) {
    LeaseReader.Failure failure = reader.failure(body);
    return view(held.fail(token, failure.message(), failure.again(), failure.delay()));
  }

  @POST
  @Path("/release")
  @Operation(
      operationId = "releaseLease",
      summary = "Give a task back",
      description =
          "The task is due at once, and loses no attempt. 409 where the lease is lost, or over in"
              + " another way.")
  @APIResponse(
      responseCode = "200",
      description = "The task as it stands then",
      content = @Content(schema = @Schema(implementation = TaskView.class)))
  @ProblemResponses({ProblemKind.NO_SUCH_LEASE, ProblemKind.LEASE_LOST})
  public TaskView release(@PathParam("token") String token) {
    return view(held.release(token));
  }

  private TaskView view(UUID task) {
    return TaskView.of(tasks.task(task.toString()));
  }
}
