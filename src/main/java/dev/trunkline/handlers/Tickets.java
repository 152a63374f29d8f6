package dev.trunkline.handlers;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.trunkline.inspect.TaskReader;
import dev.trunkline.submit.JsonFaults;
import dev.trunkline.submit.Submission;
import dev.trunkline.submit.TaskQueue;
import dev.trunkline.task.HandlerRegistry;
import dev.trunkline.task.Refusal;
import dev.trunkline.task.Refusal.Fault;
import dev.trunkline.task.RefusedException;
import dev.trunkline.task.Task;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.NotFoundException;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The endpoints of the examples in two words: a payload is given in for a ticket, and the ticket
 * asked for the result. They are a thin layer over the tasks, which hold all the rest.
 */
@ApplicationScoped
public class Tickets {

  private static final String PAYLOAD = "/payload";

  private final ObjectMapper mapper;
  private final HandlerRegistry handlers;
  private final TaskQueue queue;
  private final TaskReader tasks;

  Tickets(ObjectMapper mapper, HandlerRegistry handlers, TaskQueue queue, TaskReader tasks) {
    this.mapper = mapper;
    this.handlers = handlers;
    this.queue = queue;
    this.tasks = tasks;
  }

  /**
   * Submits a task of the type with the whole body as its payload.
   *
   * @throws NotFoundException where the examples are switched off
   * @throws RefusedException as {@link TaskQueue#submit} does, with pointers into this body
   */
  public Ticket submit(String type, byte[] body) {
    refuseIfSwitchedOff(type);
    JsonFaults.refuse(mapper, body);
    String payload = withoutMark(new String(body, StandardCharsets.UTF_8));
    try {
      return new Ticket(queue.submit(Submission.of(type, payload)).task().id);
    } catch (RefusedException refused) {
      throw refused.refusal() instanceof Refusal.Invalid(var faults)
          ? new Refusal.Invalid(faults.stream().map(Tickets::withoutPayload).toList()).exception()
          : refused;
    }
  }

  /**
   * How the task of a ticket stands.
   *
   * @throws NotFoundException where the examples are switched off
   * @throws RefusedException where there is no such task of this type
   */
  public Status status(String type, @Nullable String id) {
    refuseIfSwitchedOff(type);
    String given = id == null ? "" : id;
    Task task = tasks.task(given);
    if (!task.type.equals(type)) {
      throw new Refusal.NoSuchTask(given).exception();
    }
    return switch (task.state) {
      case SCHEDULED, QUEUED, RUNNING -> new Status("pending", null, null);
      case SUCCEEDED -> new Status("done", task.result, null);
      case FAILED -> new Status("failed", null, task.error);
      case CANCELLED -> new Status("failed", null, "{\"type\":\"cancelled\"}");
    };
  }

  private void refuseIfSwitchedOff(String type) {
    if (handlers.find(type).isEmpty()) {
      throw new NotFoundException();
    }
  }

  /** Readers of JSON may ignore a byte order mark (RFC 8259, 8.1); PostgreSQL does not. */
  private static String withoutMark(String json) {
    return json.startsWith("\ufeff") ? json.substring(1) : json;
  }

  private static Fault withoutPayload(Fault fault) {
    boolean inside = fault.pointer().startsWith(PAYLOAD);
    return inside ? new Fault(fault.pointer().substring(PAYLOAD.length()), fault.detail()) : fault;
  }

  /** What to ask again with. */
  @RegisterForReflection
  public record Ticket(UUID id) {}

  /**
   * How it stands: {@code pending}, {@code done} with a result, or {@code failed} with an error.
   */
  @RegisterForReflection
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Status(
      @Schema(enumeration = {"pending", "done", "failed"}) String status,
      @Schema(implementation = Object.class) @JsonRawValue @Nullable String result,
      @Schema(implementation = Object.class) @JsonRawValue @Nullable String error) {}
}
