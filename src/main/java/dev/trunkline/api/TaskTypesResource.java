package dev.trunkline.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trunkline.security.Roles;
import dev.trunkline.submit.AnnouncedTypes;
import dev.trunkline.submit.AnnouncedTypes.Announced;
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
import java.util.Map;
import java.util.TreeMap;
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
  private final AnnouncedTypes announced;
  private final PayloadSchemas schemas;

  TaskTypesResource(HandlerRegistry handlers, AnnouncedTypes announced, PayloadSchemas schemas) {
    this.handlers = handlers;
    this.announced = announced;
    this.schemas = schemas;
  }

  @GET
  @Operation(operationId = "listTaskTypes", summary = "List the task types")
  @ProblemResponses
  public TaskTypes list() {
    Map<String, TypeView> types = new TreeMap<>();
    announced.all().forEach(type -> types.put(type.name(), view(type)));
    handlers.submittable().forEach(handler -> types.put(handler.type().name(), view(handler)));
    return new TaskTypes(List.copyOf(types.values()));
  }

  /** One that only others run. */
  private static TypeView view(Announced type) {
    return new TypeView(
        type.name(),
        "",
        type.alive(),
        type.alive() ? null : "No worker that runs it has been heard of lately: start one.",
        null,
        null,
        new Defaults(type.queue(), type.priority(), type.maxAttempts(), type.timeout()));
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
      @Schema(
              description =
                  "Whether this process can run tasks of this type now, or, where it has no handler"
                      + " for them, somebody else seems to")
          boolean available,
      @Schema(description = "Why not, and what to install or set") @Nullable String unavailable,
      @Schema(
              implementation = Object.class,
              nullable = true,
              description = "A JSON Schema; null where only others run it")
          @Nullable JsonNode payloadSchema,
      @Schema(
              implementation = Object.class,
              nullable = true,
              description = "A JSON Schema; null where only others run it")
          @Nullable JsonNode resultSchema,
      Defaults defaults) {}

  /** What holds for a task that does not say otherwise. */
  @RegisterForReflection
  public record Defaults(
      String queue,
      int priority,
      int maxAttempts,
      @Schema(implementation = String.class, description = "ISO 8601 duration", examples = "PT10M")
          Duration timeout) {}
}
