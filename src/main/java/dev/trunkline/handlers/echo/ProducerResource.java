package dev.trunkline.handlers.echo;

import dev.trunkline.handlers.Tickets;
import dev.trunkline.security.Roles;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The endpoint of the echo example: gives the task in, and keeps no ticket. */
@Path("/producer")
@RolesAllowed({Roles.SUBMITTER, Roles.OPERATOR})
@RunOnVirtualThread
@Tag(name = "examples")
public class ProducerResource {

  private final Tickets tickets;

  ProducerResource(Tickets tickets) {
    this.tickets = tickets;
  }

  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  @Produces({MediaType.TEXT_PLAIN, MediaType.APPLICATION_JSON})
  @Operation(operationId = "produceEcho", summary = "Have a text said several times")
  @APIResponse(
      responseCode = "202",
      description = "The task was stored",
      content =
          @Content(
              mediaType = MediaType.TEXT_PLAIN,
              schema = @Schema(implementation = String.class)))
  @RequestBody(content = @Content(schema = @Schema(implementation = Echo.class)))
  public Response produce(byte[] body) {
    tickets.submit(EchoHandler.TYPE, body);
    return Response.accepted("Task added in the queue").type(MediaType.TEXT_PLAIN).build();
  }
}
