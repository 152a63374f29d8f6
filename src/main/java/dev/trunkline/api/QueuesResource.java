package dev.trunkline.api;

import dev.trunkline.claim.Pauser;
import dev.trunkline.inspect.QueueReader;
import dev.trunkline.inspect.QueueStatus;
import dev.trunkline.security.Roles;
import dev.trunkline.task.TasksReady;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.event.Event;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
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

/** The queues: how they stand, and their reins. */
@Path(QueuesResource.PATH)
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@RolesAllowed(Roles.OPERATOR)
@Tag(name = "queues")
public class QueuesResource {

  static final String PATH = "/api/v1/queues";

  private static final NamedPages PAGES = new NamedPages(PATH, 'q');

  private final QueueReader queues;
  private final Pauser pauser;
  private final Event<TasksReady> ready;

  QueuesResource(QueueReader queues, Pauser pauser, Event<TasksReady> ready) {
    this.queues = queues;
    this.pauser = pauser;
    this.ready = ready;
  }

  @GET
  @Operation(
      operationId = "listQueues",
      summary = "List the queues, and how they stand",
      description = "Ordered by name. Depths of large queues are of a while ago; countedAt tells.")
  @APIResponse(
      responseCode = "200",
      description = "A page of the list",
      headers =
          @Header(
              name = "Link",
              description = "The next page (RFC 8288, rel=\"next\"); absent on the last one",
              schema = @Schema(implementation = String.class)),
      content = @Content(schema = @Schema(implementation = QueueView.PageView.class)))
  @ProblemResponses
  public Response list(@BeanParam PageQuery documented, UriInfo uri) {
    return PAGES.answer(uri, queues::page, QueueStatus::name, QueueView.PageView::of);
  }

  @GET
  @Path("/{name}")
  @Operation(operationId = "getQueue", summary = "Look at a queue")
  @APIResponse(
      responseCode = "200",
      description = "How it stands",
      content = @Content(schema = @Schema(implementation = QueueView.class)))
  @ProblemResponses(ProblemKind.NO_SUCH_QUEUE)
  public QueueView get(@BeanParam QueueName queue) {
    return QueueView.of(queues.one(queue.checked()));
  }

  @POST
  @Path("/{name}/pause")
  @Operation(
      operationId = "pauseQueue",
      summary = "Pause a queue",
      description =
          "Once this is answered no attempt of its tasks begins any more, on any replica and over"
              + " HTTP. What runs goes on, and tasks can be submitted. A queue that is paused"
              + " stays so, since the same time; one that nobody has used yet is made. Where a"
              + " claim does not end within a second the answer is 503, and nothing is paused.")
  @APIResponse(
      responseCode = "200",
      description = "The queue is paused",
      content = @Content(schema = @Schema(implementation = QueueView.class)))
  @ProblemResponses(ProblemKind.NO_SUCH_QUEUE)
  public QueueView pause(@BeanParam QueueName queue) {
    pauser.pause(queue.checked());
    return QueueView.of(queues.one(queue.name));
  }

  @POST
  @Path("/{name}/resume")
  @Operation(
      operationId = "resumeQueue",
      summary = "Have a queue go on",
      description = "Nothing happens to one that is not paused.")
  @APIResponse(
      responseCode = "200",
      description = "The queue is not paused",
      content = @Content(schema = @Schema(implementation = QueueView.class)))
  @ProblemResponses(ProblemKind.NO_SUCH_QUEUE)
  public QueueView resume(@BeanParam QueueName queue) {
    pauser.resume(queue.checked());
    ready.fire(new TasksReady(true));
    return QueueView.of(queues.one(queue.name));
  }
}
