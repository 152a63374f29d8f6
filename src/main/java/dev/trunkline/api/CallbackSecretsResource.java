package dev.trunkline.api;

import dev.trunkline.callback.Secrets;
import dev.trunkline.security.Roles;
import dev.trunkline.task.Refusal;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/**
 * The secrets that callbacks are signed with, for those who give them to receivers. One is shown
 * once, by the answer that makes it.
 */
@Path("/api/v1/callback-secrets")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@RolesAllowed(Roles.OPERATOR)
@Tag(name = "callbacks")
public class CallbackSecretsResource {

  private final Secrets secrets;

  CallbackSecretsResource(Secrets secrets) {
    this.secrets = secrets;
  }

  @GET
  @Operation(
      operationId = "listCallbackSecrets",
      summary = "List the secrets that callbacks are signed with",
      description =
          "All of them sign, the newest first; what they are is not shown. The first one makes"
              + " itself when one is needed, and is the same for all processes.")
  @APIResponse(
      responseCode = "200",
      description = "The secrets",
      content = @Content(schema = @Schema(implementation = SecretView.ListView.class)))
  @ProblemResponses
  public Response list() {
    List<SecretView> items =
        secrets.areConfigured()
            ? List.of()
            : secrets.stored().stream().map(SecretView::of).toList();
    return confidential(Response.ok(new SecretView.ListView(items, secrets.configured())));
  }

  @POST
  @Operation(
      operationId = "rotateCallbackSecret",
      summary = "Make a new secret",
      description =
          "It signs beside the others from now on, and is shown by this answer alone. Give it to"
              + " the receivers, then delete the old one. There are at most five.")
  @APIResponse(
      responseCode = "201",
      description = "The new secret",
      content = @Content(schema = @Schema(implementation = SecretView.Made.class)))
  @ProblemResponses(ProblemKind.SECRETS_STAY)
  public Response rotate() {
    return confidential(
        Response.status(Response.Status.CREATED).entity(SecretView.Made.of(secrets.rotate())));
  }

  @DELETE
  @Path("/{id}")
  @Produces({MediaType.APPLICATION_JSON, Problem.MEDIA_TYPE})
  @Operation(
      operationId = "deleteCallbackSecret",
      summary = "Have a secret sign no more",
      description = "Not the only one.")
  @APIResponse(responseCode = "204", description = "It signs no more")
  @ProblemResponses({ProblemKind.NO_SUCH_SECRET, ProblemKind.SECRETS_STAY})
  public void delete(@PathParam("id") String id) {
    secrets.delete(parse(id));
  }

  /** Kept by nobody on the way. */
  private static Response confidential(Response.ResponseBuilder answer) {
    return answer.header(HttpHeaders.CACHE_CONTROL, "no-store").build();
  }

  private static UUID parse(String id) {
    try {
      return UUID.fromString(id);
    } catch (IllegalArgumentException e) {
      throw new Refusal.NoSuchSecret(id).exception();
    }
  }
}
