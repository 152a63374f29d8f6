package dev.trunkline.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trunkline.security.Roles;
import dev.trunkline.submit.PayloadSchemas;
import dev.trunkline.task.HandlerRegistry;
import dev.trunkline.task.TaskHandler;
import dev.trunkline.task.TaskType;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Duration;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** What can be submitted. */
@Path("/api/v1/task-types")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed({Roles.SUBMITTER, Roles.WORKER, Roles.OPERATOR})
@RunOnVirtualThread
@Tag(name = "task types")
public class TaskTypesResource {

  private final HandlerRegistry handlers;
  private final PayloadSchemas schemas;

  TaskTypesResource(HandlerRegistry handlers, PayloadSchemas schemas) {
    this.handlers = handlers;
    this.schemas = schemas;
  }

  @GET
  @Operation(operationId = "listTaskTypes", summary = "List the task types")
  @ProblemResponses
  public TaskTypes list() {
    return new TaskTypes(handlers.all().stream().map(this::view).toList());
  }

  private TypeView view(TaskHandler<?, ?> handler) {
    TaskType<?, ?> type = handler.type();
    return new TypeView(
        type.name(),
        type.description(),
        handler.unavailable().isEmpty(),
        handler.unavailable().orElse(null),
        schemas.of(type.payload()),
        schemas.of(type.result()),
        new Defaults(type.queue(), type.priority(), type.maxAttempts(), type.timeout()));
  }

  /** All types, ordered by name. */
  @RegisterForReflection
  @Schema(name = "TaskTypes")
  public record TaskTypes(List<TypeView> items) {}

  /** One type. */
  @RegisterForReflection
  @Schema(name = "TaskType")
  public record TypeView(
      String name,
      String description,
      @Schema(description = "Whether tasks of this type can run in this process now")
          boolean available,
      @Schema(description = "Why not, and what to install or set") @Nullable String unavailable,
      @Schema(implementation = Object.class, description = "A JSON Schema") JsonNode payloadSchema,
      @Schema(implementation = Object.class, description = "A JSON Schema") JsonNode resultSchema,
      Defaults defaults) {}

  /** What holds for a task that does not say otherwise. */
  @RegisterForReflection
  public record Defaults(
      String queue,
      int priority,
      int maxAttempts,
      @Schema(implementation = String.class, format = "duration") Duration timeout) {}
}
