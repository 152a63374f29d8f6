package dev.trunkline.api;

import dev.trunkline.inspect.TaskReader;
import dev.trunkline.inspect.TaskSnapshot;
import dev.trunkline.security.Roles;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.smallrye.mutiny.Multi;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.ResponseHeader;
import org.jspecify.annotations.Nullable;

/** Watching a task by server-sent events (WHATWG HTML, 9.2). */
@Path("/api/v1/tasks/{id}/events")
@RolesAllowed({Roles.SUBMITTER, Roles.OPERATOR})
@Tag(name = "tasks")
public class TaskEventsResource {

  private final TaskReader tasks;
  private final EventStreams streams;

  TaskEventsResource(TaskReader tasks, EventStreams streams) {
    this.tasks = tasks;
    this.streams = streams;
  }

  @GET
  @Produces(MediaType.SERVER_SENT_EVENTS)
  // What answers with a Multi is taken for non-blocking, unless it says that it is not.
  @Blocking
  @RunOnVirtualThread
  // Buffering proxies would keep the events until there are many; nginx is told by a header.
  @ResponseHeader(name = "X-Accel-Buffering", value = "no")
  @ResponseHeader(name = HttpHeaders.CACHE_CONTROL, value = "no-cache")
  @Operation(
      operationId = "watchTask",
      summary = "Watch a task",
      description =
          "The event state comes first and whenever more than the progress is another, the event"
              + " progress when nothing else is. The data of both is the task, on one line."
              + " The stream ends after a final state. A client that comes back with Last-Event-ID"
              + " is sent what has changed since, and 204 where that was the end.")
  @APIResponse(
      responseCode = "200",
      description = "The events",
      content =
          @Content(
              mediaType = MediaType.SERVER_SENT_EVENTS,
              schema =
                  @Schema(
                      implementation = String.class,
                      examples =
                          """
                          id: mQ0c6Z3Wk2Tz8Jw5yQxR1A.Yb1sO7uTn4c0vJtq9ZrKXw
                          event: state
                          data: {"id": …}

                          """)))
  @APIResponse(
      responseCode = "204",
      description = "The client has seen the final state: there will be no events any more")
  @ProblemResponses
  public Multi<OutboundSseEvent> events(
      @PathParam("id") String id,
      @HeaderParam("Last-Event-ID") @Nullable String lastEventId,
      @Context Sse sse) {
    TaskSnapshot now = tasks.snapshot(id);
    Optional<EventId> seen = EventId.parse(lastEventId);
    if (now.isFinal() && seen.equals(Optional.of(EventId.of(now)))) {
      throw new WebApplicationException(Response.Status.NO_CONTENT);
    }
    return streams.of(now, seen, sse);
  }
}
