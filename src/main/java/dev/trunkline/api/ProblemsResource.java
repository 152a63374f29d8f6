package dev.trunkline.api;

import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Variant;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/**
 * What the types of the problems lead to (RFC 9457, 3.1.1): a page for people, and the same as JSON
 * for programs. All of it stands in {@link ProblemKind}.
 */
@Path("/problems")
@Produces({MediaType.TEXT_HTML, MediaType.APPLICATION_JSON})
@PermitAll
@RunOnVirtualThread
@Tag(name = "problems")
public class ProblemsResource {

  private static final List<ProblemPage> PAGES =
      Arrays.stream(ProblemKind.values()).map(ProblemPage::of).toList();
  private static final List<Variant> VARIANTS =
      Variant.mediaTypes(MediaType.TEXT_HTML_TYPE, MediaType.APPLICATION_JSON_TYPE).build();

  private final ProblemHtml html;

  ProblemsResource(ProblemHtml html) {
    this.html = html;
  }

  @GET
  @Operation(operationId = "listProblems", summary = "List the kinds of problems")
  @APIResponse(
      responseCode = "200",
      description = "Every kind, ordered by status",
      content = {
        @Content(mediaType = MediaType.TEXT_HTML, schema = @Schema(implementation = String.class)),
        @Content(
            mediaType = MediaType.APPLICATION_JSON,
            schema = @Schema(implementation = ProblemPage.ListView.class))
      })
  public Response list(@Context Request request) {
    return answer(request, () -> html.index(PAGES), () -> new ProblemPage.ListView(PAGES));
  }

  @GET
  @Path("/{name}")
  @Operation(operationId = "getProblem", summary = "Explain a kind of problem")
  @APIResponse(
      responseCode = "200",
      description = "When it is answered, and what to do",
      content = {
        @Content(mediaType = MediaType.TEXT_HTML, schema = @Schema(implementation = String.class)),
        @Content(
            mediaType = MediaType.APPLICATION_JSON,
            schema = @Schema(implementation = ProblemPage.class))
      })
  @ProblemResponses(ProblemKind.NOT_FOUND)
  public Response get(
      @PathParam("name")
          @Parameter(description = "The last step of a problem's type", example = "wrong-state")
          String name,
      @Context Request request) {
    ProblemPage page =
        ProblemKind.named(name).map(ProblemPage::of).orElseThrow(NotFoundException::new);
    return answer(request, () -> html.page(page), () -> page);
  }

  private static Response answer(Request request, Supplier<String> html, Supplier<Object> json) {
    Variant wanted = request.selectVariant(VARIANTS);
    boolean asJson =
        wanted != null && wanted.getMediaType().equals(MediaType.APPLICATION_JSON_TYPE);
    return asJson
        ? Response.ok(json.get(), MediaType.APPLICATION_JSON_TYPE).build()
        : Response.ok(html.get(), MediaType.TEXT_HTML + ";charset=UTF-8").build();
  }
}
