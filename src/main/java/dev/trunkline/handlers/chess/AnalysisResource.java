package dev.trunkline.handlers.chess;

import dev.trunkline.handlers.Tickets;
import dev.trunkline.security.Roles;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.ResponseStatus;
import org.jspecify.annotations.Nullable;

/** The endpoints of the chess example. */
@Path("/")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed({Roles.SUBMITTER, Roles.OPERATOR})
@RunOnVirtualThread
@Tag(name = "examples")
public class AnalysisResource {

  private final Tickets tickets;

  AnalysisResource(Tickets tickets) {
    this.tickets = tickets;
  }

  @POST
  @Path("/analyze")
  @Consumes(MediaType.APPLICATION_JSON)
  @ResponseStatus(202)
  @Operation(operationId = "startAnalysis", summary = "Have a chess position analysed")
  @APIResponse(
      responseCode = "202",
      description = "The task was stored",
      content = @Content(schema = @Schema(implementation = Tickets.Ticket.class)))
  @RequestBody(content = @Content(schema = @Schema(implementation = AnalyzePayload.class)))
  public Tickets.Ticket start(byte[] body) {
    return tickets.submit(ChessAnalyzeHandler.TYPE, body);
  }

  @GET
  @Path("/analysis")
  @Operation(operationId = "getAnalysis", summary = "Collect an analysis")
  public Tickets.Status get(@QueryParam("id") @Nullable String id) {
    return tickets.status(ChessAnalyzeHandler.TYPE, id);
  }
}
