package dev.trunkline.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.trunkline.finish.Redriver;
import dev.trunkline.security.Roles;
import dev.trunkline.submit.JsonFaults;
import dev.trunkline.task.TaskFilter;
import dev.trunkline.task.TaskState;
import dev.trunkline.task.TasksReady;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.event.Event;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.ParameterIn;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Retrying many tasks at once. */
@Path("/api/v1/tasks")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@RolesAllowed(Roles.OPERATOR)
@Tag(name = "tasks")
public class RedriveResource {

  static final int HIGHEST_LIMIT = 10_000;

  private final ObjectMapper mapper;
  private final Redriver redriver;
  private final Event<TasksReady> ready;

  RedriveResource(ObjectMapper mapper, Redriver redriver, Event<TasksReady> ready) {
    this.mapper = mapper;
    this.redriver = redriver;
    this.ready = ready;
  }

  @POST
  @Path("/retry")
  @Operation(
      operationId = "retryTasks",
      summary = "Run many failed or cancelled tasks again",
      description =
          "Those that a list with the same filters shows; at least one filter is needed. Without a"
              + " state only those that failed. What is counted in the answer is queued again;"
              + " where next is not null there may be more, and the same request with it as cursor"
              + " goes on.")
  @Parameter(
      name = "limit",
      in = ParameterIn.QUERY,
      description = "Tasks at most",
      schema =
          @Schema(
              implementation = Integer.class,
              minimum = "1",
              maximum = "" + HIGHEST_LIMIT,
              defaultValue = "" + HIGHEST_LIMIT))
  @RequestBody(
      required = false,
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = RedriveRequest.class)))
  @APIResponse(
      responseCode = "202",
      description = "So many tasks are queued again",
      content = @Content(schema = @Schema(implementation = RedrivenView.class)))
  @ProblemResponses
  public Response retry(@BeanParam FilterQuery documented, UriInfo uri, byte[] body) {
    Parameters parameters = Parameters.of(uri, FilterParameters.NAMES);
    if (body.length > 0) {
      read(body).parameters().forEach(parameters::add);
    }
    TaskFilter filter = filter(parameters);
    int limit = parameters.wholeNumber("limit", 1, HIGHEST_LIMIT, HIGHEST_LIMIT);
    Optional<UUID> place = FilterParameters.cursor(parameters, filter);
    parameters.check();
    return answer(filter, redriver.redrive(filter, limit, place));
  }

  private Response answer(TaskFilter filter, Redriver.Redriven redriven) {
    if (redriven.retried() > 0) {
      ready.fire(new TasksReady(true));
    }
    String next = redriven.next().map(place -> Cursor.write(filter, place)).orElse(null);
    return Response.accepted(new RedrivenView(redriven.retried(), next)).build();
  }

  private static TaskFilter filter(Parameters parameters) {
    TaskFilter asked = FilterParameters.read(parameters);
    if (asked.equals(TaskFilter.ALL)) {
      parameters.fault("needs at least one filter; state=failed means every task that failed");
    }
    TaskFilter filter = asked.state().isPresent() ? asked : asked.withState(TaskState.FAILED);
    return switch (filter.state().orElseThrow()) {
      case FAILED, CANCELLED -> filter;
      case SCHEDULED, QUEUED, RUNNING, SUCCEEDED -> {
        parameters.fault("needs failed or cancelled in the query parameter state");
        yield filter;
      }
    };
  }

  private RedriveRequest read(byte[] body) {
    JsonFaults.refuse(mapper, body);
    try {
      return Optional.ofNullable(mapper.readValue(body, RedriveRequest.class))
          .orElseGet(RedriveRequest::empty);
    } catch (JsonProcessingException e) {
      throw JsonFaults.malformed(e).exception();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What was done. */
  @RegisterForReflection
  @Schema(name = "Redriven")
  public record RedrivenView(
      @Schema(description = "Tasks that are queued again") int retried,
      @Schema(description = "The cursor to go on with; null where nothing is left")
          @Nullable String next) {}
}
