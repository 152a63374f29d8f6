package dev.trunkline.handlers.wordcount;

import dev.trunkline.handlers.Tickets;
import dev.trunkline.security.Roles;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.ResponseStatus;

/** The endpoints of the word count example. */
@Path("/wordcount")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed({Roles.SUBMITTER, Roles.OPERATOR})
@RunOnVirtualThread
@Tag(name = "examples")
public class WordcountResource {

  private final Tickets tickets;

  WordcountResource(Tickets tickets) {
    this.tickets = tickets;
  }

  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  @ResponseStatus(202)
  @Operation(operationId = "startWordcount", summary = "Have the words of a page counted")
  @APIResponse(
      responseCode = "202",
      description = "The task was stored",
      content = @Content(schema = @Schema(implementation = Tickets.Ticket.class)))
  @RequestBody(content = @Content(schema = @Schema(implementation = WordcountPayload.class)))
  public Tickets.Ticket start(byte[] body) {
    return tickets.submit(WordcountHandler.TYPE, body);
  }

  @GET
  @Path("/{id}")
  @Operation(operationId = "getWordcount", summary = "Collect the counts")
  public Tickets.Status get(@PathParam("id") String id) {
    return tickets.status(WordcountHandler.TYPE, id);
  }
}
