package dev.trunkline.api;

import dev.trunkline.security.Roles;
import dev.trunkline.submit.Submission;
import dev.trunkline.submit.TaskQueue;
import dev.trunkline.task.Refusal;
import dev.trunkline.task.Refusal.Fault;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Submitting many tasks with one request: as an array, all or none, or as a stream of lines. */
@Path(BatchResource.PATH)
@RunOnVirtualThread
@RolesAllowed({Roles.SUBMITTER, Roles.OPERATOR})
@Tag(name = "tasks")
public class BatchResource {

  static final String PATH = "/api/v1/tasks/batch";
  static final String NDJSON = "application/x-ndjson";

  private static final String LINE =
      """
      {"type": "echo", "payload": {"text": "a", "time": 1}, "idempotencyKey": "order-17"}
      """;
  private static final String ANSWER =
      """
      {"line": 1, "id": "0199d1c4-8e2b-7c31-b1f5-2f6a3d0c9e84"}
      """;

  private final BatchReader reader;
  private final LineSubmissions lines;
  private final TaskQueue queue;

  BatchResource(BatchReader reader, LineSubmissions lines, TaskQueue queue) {
    this.reader = reader;
    this.lines = lines;
    this.queue = queue;
  }

  @POST
  @Consumes({MediaType.APPLICATION_JSON, NDJSON})
  @Produces({MediaType.APPLICATION_JSON, NDJSON})
  @Operation(
      operationId = "submitTasks",
      summary = "Submit many tasks",
      description =
          "As application/json: an array, of which all tasks are stored or none. As"
              + " application/x-ndjson: lines, each a submission for itself, stored while they"
              + " come; the answer streams a line for each. Idempotency-Key is refused here; each"
              + " task may have an idempotencyKey of its own.")
  @RequestBody(
      required = true,
      content = {
        @Content(
            mediaType = MediaType.APPLICATION_JSON,
            schema = @Schema(type = SchemaType.ARRAY, implementation = SubmitRequest.class)),
        @Content(
            mediaType = NDJSON,
            schema = @Schema(implementation = SubmitRequest.class),
            example = LINE)
      })
  @APIResponse(
      responseCode = "202",
      description = "All tasks of the array are stored; they come in its order",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = BatchView.class)))
  @APIResponse(
      // It is 200. Of several a generated client takes the smallest for all there is to answer.
      responseCode = "2XX",
      description = "200: the lines are read; each is answered once it is stored or refused",
      content =
          @Content(
              mediaType = NDJSON,
              schema = @Schema(implementation = LineAnswer.class),
              example = ANSWER))
  @ProblemResponses({
    ProblemKind.UNKNOWN_TYPE,
    ProblemKind.TYPE_UNAVAILABLE,
    ProblemKind.IDEMPOTENCY_KEY_IN_USE,
    ProblemKind.IDEMPOTENCY_KEY_REUSED
  })
  public Response submitTasks(
      InputStream body,
      @Context HttpHeaders headers,
      @HeaderParam("traceparent") @Nullable String traceparent)
      throws IOException {
    refuseKey(headers);
    return isNdjson(headers) ? lines(body, traceparent) : array(body, traceparent);
  }

  private Response array(InputStream body, @Nullable String traceparent) throws IOException {
    List<Submission> submissions = reader.read(body, traceparent);
    return Response.accepted(BatchView.of(queue.submitAll(submissions)))
        .type(MediaType.APPLICATION_JSON)
        .build();
  }

  private Response lines(InputStream body, @Nullable String traceparent) {
    StreamingOutput answers = lines.open(body, traceparent, PATH)::run;
    return Response.ok(answers, NDJSON).build();
  }

  /** Looks at the text: without a body nobody has seen to it that it is a media type. */
  private static boolean isNdjson(HttpHeaders headers) {
    String type = headers.getHeaderString(HttpHeaders.CONTENT_TYPE);
    return type != null && NDJSON.equalsIgnoreCase(type.split(";", 2)[0].strip());
  }

  private static void refuseKey(HttpHeaders headers) {
    if (!headers.getRequestHeader(IdempotencyHeader.NAME).isEmpty()) {
      String detail =
          "cannot be submitted under the header Idempotency-Key; give each task an idempotencyKey";
      throw new Refusal.Malformed(List.of(new Fault("", detail))).exception();
    }
  }
}
