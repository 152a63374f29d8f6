package dev.trunkline.api;

import static java.util.Objects.requireNonNull;

import dev.trunkline.api.LongPolls.LongPoll;
import dev.trunkline.inspect.Snapshots;
import dev.trunkline.inspect.TaskSnapshot;
import dev.trunkline.inspect.TaskView;
import dev.trunkline.security.Roles;
import dev.trunkline.submit.Submission;
import dev.trunkline.submit.Submitted;
import dev.trunkline.submit.TaskQueue;
import io.quarkus.virtual.threads.VirtualThreads;
import io.smallrye.common.annotation.NonBlocking;
import io.vertx.core.Vertx;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.ResponseBuilder;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.function.Supplier;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.ParameterIn;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.headers.Header;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/**
 * Submitting a task. What is quickly read and has nothing to ask of the database is looked at where
 * it arrives, on an I/O thread, and nobody waits for its commit: to hand each of a crowd to a
 * thread of its own, and to wake that when the task is stored, takes longer than to store it.
 */
@Path("/api/v1/tasks")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed({Roles.SUBMITTER, Roles.OPERATOR})
@Tag(name = "tasks")
public class SubmitResource {

  private static final String PREFER = "Prefer";
  private static final String TRACEPARENT = "traceparent";

  private final BodyReader body;
  private final SubmitReader reader;
  private final TaskQueue queue;
  private final Snapshots snapshots;
  private final LongPolls polls;
  private final HttpHeaders headers;
  private final ExecutorService virtualThreads;

  SubmitResource(
      BodyReader body,
      SubmitReader reader,
      TaskQueue queue,
      Snapshots snapshots,
      LongPolls polls,
      HttpHeaders headers,
      @VirtualThreads ExecutorService virtualThreads) {
    this.body = body;
    this.reader = reader;
    this.queue = queue;
    this.snapshots = snapshots;
    this.polls = polls;
    this.headers = headers;
    this.virtualThreads = virtualThreads;
  }

  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(
      operationId = "submitTask",
      summary = "Submit a task",
      description =
          "A 202 means that the task is committed to the database. The same Idempotency-Key with"
              + " the same body answers with the first task; with another body it is refused.")
  @RequestBody(
      required = true,
      content = @Content(schema = @Schema(implementation = SubmitRequest.class)))
  @APIResponse(
      responseCode = "200",
      description = "With Prefer: wait=N: the task was stored, and has ended",
      headers = {
        @Header(name = "Location", schema = @Schema(implementation = String.class)),
        @Header(name = "ETag", schema = @Schema(implementation = String.class)),
        @Header(
            name = "Idempotency-Replayed",
            description = "true, where the key was used before",
            schema = @Schema(implementation = String.class)),
        @Header(name = "Preference-Applied", schema = @Schema(implementation = String.class))
      },
      content = @Content(schema = @Schema(implementation = TaskView.class)))
  @APIResponse(
      responseCode = "202",
      description = "The task was stored",
      headers = {
        @Header(
            name = "Preference-Applied",
            description = "wait=N, where Prefer asked for it: how long it has waited",
            schema = @Schema(implementation = String.class)),
        @Header(name = "Location", schema = @Schema(implementation = String.class)),
        @Header(name = "Retry-After", schema = @Schema(implementation = Integer.class)),
        @Header(
            name = "Idempotency-Replayed",
            description = "true where the key had been used before",
            schema = @Schema(implementation = String.class))
      },
      content = @Content(schema = @Schema(implementation = TaskView.class)))
  // No arguments: of a header Quarkus hands out the first line of several, and the body is read as
  // BodyReader says.
  @Parameter(
      name = IdempotencyHeader.NAME,
      in = ParameterIn.HEADER,
      description = "The same key and body is the same task: a string in quotes, or without",
      schema = @Schema(type = SchemaType.STRING, pattern = IdempotencyHeader.FORM),
      example = "\"order-17\"")
  @Parameter(name = PREFER, in = ParameterIn.HEADER, schema = @Schema(type = SchemaType.STRING))
  @Parameter(
      name = TRACEPARENT,
      in = ParameterIn.HEADER,
      description = "W3C Trace Context; a malformed one is ignored",
      schema = @Schema(type = SchemaType.STRING))
  @ProblemResponses({
    ProblemKind.UNKNOWN_TYPE,
    ProblemKind.TYPE_UNAVAILABLE,
    ProblemKind.IDEMPOTENCY_KEY_IN_USE,
    ProblemKind.IDEMPOTENCY_KEY_REUSED
  })
  @NonBlocking
  public CompletionStage<Response> submit() {
    List<String> prefer = headers.getRequestHeader(PREFER);
    List<String> key = headers.getRequestHeader(IdempotencyHeader.NAME);
    String traceparent = headers.getRequestHeader(TRACEPARENT).stream().findFirst().orElse(null);
    BodyReader.Unread unread = body.unread();
    if (unread.isLight() && PreferHeader.waiting(prefer).isEmpty()) {
      return unread
          .gathered()
          .thenApply(bytes -> reader.read(bytes, key, traceparent))
          .thenCompose(this::submit);
    }
    return onVirtualThread(
        () -> {
          byte[] bytes = unread.read();
          return submitAndWait(prefer, () -> reader.read(bytes, key, traceparent));
        });
  }

  private CompletionStage<Response> submit(Submission submission) {
    // Known before anything is stored, so that nothing can fail between that and the answer.
    Executor here = thisIoThread();
    return queue.mayEnqueue(submission)
        ? queue.enqueue(submission).thenApplyAsync(this::accepted, here)
        : onVirtualThread(() -> submitAndWait(List.of(), () -> submission));
  }

  private Response submitAndWait(List<String> prefer, Supplier<Submission> submission) {
    try (LongPoll poll = polls.begin(prefer)) {
      Submitted submitted = queue.submit(submission.get());
      // It is stored: whatever becomes of the waiting, the client has to hear that.
      TaskSnapshot task = poll.endIfKnown(snapshots.of(submitted.task()));
      ResponseBuilder answer =
          poll.isWanted() && task.isFinal() ? TaskAnswers.ended(task) : TaskAnswers.accepted(task);
      if (submitted.replayed()) {
        answer.header("Idempotency-Replayed", "true");
      }
      return poll.appliedTo(answer).build();
    }
  }

  /** What was enqueued has no key, and so is new. */
  private Response accepted(Submitted submitted) {
    return TaskAnswers.accepted(snapshots.of(submitted.task())).build();
  }

  private CompletionStage<Response> onVirtualThread(Supplier<Response> answer) {
    return CompletableFuture.supplyAsync(answer, virtualThreads);
  }

  /** So that the thread that stores goes on storing. */
  private static Executor thisIoThread() {
    io.vertx.core.Context context = requireNonNull(Vertx.currentContext());
    return answer -> context.runOnContext(_ -> answer.run());
  }
}
