package dev.trunkline.api;

import dev.trunkline.inspect.TaskLister;
import dev.trunkline.inspect.TaskPage;
import dev.trunkline.inspect.TaskView;
import dev.trunkline.security.Roles;
import dev.trunkline.task.Task;
import dev.trunkline.task.TaskFilter;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.ParameterIn;
import org.eclipse.microprofile.openapi.annotations.headers.Header;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The list of tasks. */
@Path(TaskListResource.PATH)
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Tag(name = "tasks")
public class TaskListResource {

  static final String PATH = "/api/v1/tasks";

  private static final int LIMIT = 50;
  private static final int HIGHEST_LIMIT = 500;

  private final TaskLister lister;

  TaskListResource(TaskLister lister) {
    this.lister = lister;
  }

  @GET
  @RolesAllowed({Roles.SUBMITTER, Roles.OPERATOR})
  @Operation(
      operationId = "listTasks",
      summary = "List tasks, the newest first",
      description =
          "Those that every given filter fits; deliveries of callbacks only where their type or"
              + " queue is asked for. A page can be short, or empty, although there are more: only"
              + " a next of null is the end.")
  @Parameter(
      name = "limit",
      in = ParameterIn.QUERY,
      description = "Tasks at most",
      schema =
          @Schema(
              implementation = Integer.class,
              minimum = "1",
              maximum = "" + HIGHEST_LIMIT,
              defaultValue = "" + LIMIT))
  @APIResponse(
      responseCode = "200",
      description = "A page of the list",
      headers =
          @Header(
              name = "Link",
              description = "The next page (RFC 8288, rel=\"next\"); absent on the last one",
              schema = @Schema(implementation = String.class)),
      content = @Content(schema = @Schema(implementation = TaskPageView.class)))
  @ProblemResponses
  public Response list(@BeanParam FilterQuery documented, UriInfo uri) {
    Parameters parameters = Parameters.of(uri, FilterParameters.NAMES);
    TaskFilter filter = FilterParameters.read(parameters);
    int limit = parameters.wholeNumber("limit", 1, HIGHEST_LIMIT, LIMIT);
    Optional<UUID> place = FilterParameters.cursor(parameters, filter);
    parameters.check();
    return answer(parameters, filter, lister.page(filter, limit, place));
  }

  private static Response answer(Parameters given, TaskFilter filter, TaskPage<Task> page) {
    String next = page.next().map(place -> Cursor.write(filter, place)).orElse(null);
    Response.ResponseBuilder answer =
        Response.ok(new TaskPageView(page.items().stream().map(TaskView::of).toList(), next));
    if (next != null) {
      // Relative, since the way here may lead over a proxy.
      String link = PATH + "?" + given.query("cursor", next);
      answer.header(HttpHeaders.LINK, "<" + link + ">; rel=\"next\"");
    }
    return answer.build();
  }
}
