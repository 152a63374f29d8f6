package dev.trunkline.api;

import dev.trunkline.task.Refusal;
import dev.trunkline.task.TaskType;
import jakarta.ws.rs.PathParam;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;

/** The queue that a path names. */
public class QueueName {

  @PathParam("name")
  @Parameter(
      description = "The name of a queue",
      example = "default",
      schema = @Schema(pattern = "[a-z0-9][a-z0-9._-]{0,99}"))
  String name = "";

  /** One that cannot be a name is not there; PostgreSQL might not even take it. */
  String checked() {
    if (!TaskType.NAME.matcher(name).matches()) {
      throw new Refusal.NoSuchQueue(name).exception();
    }
    return name;
  }
}
