package dev.trunkline.api;

import dev.trunkline.inspect.Snapshots;
import dev.trunkline.submit.Submission;
import dev.trunkline.submit.TaskQueue;
import dev.trunkline.task.Task;
import dev.trunkline.task.TaskState;
import io.smallrye.common.annotation.NonBlocking;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;

/** Parts of a submission on their own; no part of the service that is shipped. */
@Path("/bench")
@PermitAll
public class BenchResource {

  /** What the method asks for: some hundreds. */
  private static final int BATCH = 500;

  /** As many as everybody has who submits in bulk, plain SQL too. */
  private static final int CALLERS = 2;

  private final BodyReader body;
  private final SubmitReader reader;
  private final TaskQueue queue;
  private final Snapshots snapshots;

  BenchResource(BodyReader body, SubmitReader reader, TaskQueue queue, Snapshots snapshots) {
    this.body = body;
    this.reader = reader;
    this.queue = queue;
    this.snapshots = snapshots;
  }

  /** A submission without its SQL: what is read, checked and answered is the same. */
  @POST
  @Path("/json")
  @Consumes(MediaType.APPLICATION_JSON)
  @Produces(MediaType.APPLICATION_JSON)
  @NonBlocking
  public CompletionStage<Response> json() {
    return body.unread().gathered().thenApply(this::answer);
  }

  private Response answer(byte[] bytes) {
    Submission submission = reader.read(bytes, List.of(), null);
    queue.check(submission);
    return TaskAnswers.accepted(snapshots.of(stored(submission))).build();
  }

  /** Stores tasks with that payload by the Java API, and answers how many seconds it took. */
  @POST
  @Path("/batches")
  @Produces(MediaType.TEXT_PLAIN)
  @RunOnVirtualThread
  public String batches(@QueryParam("tasks") int tasks, String payload) {
    List<Submission> batch = Collections.nCopies(BATCH, Submission.of("noop", payload));
    long start = System.nanoTime();
    IntStream.range(0, CALLERS)
        .mapToObj(
            caller ->
                CompletableFuture.runAsync(
                    () -> submit(batch, (tasks + caller) / CALLERS), Thread::startVirtualThread))
        .toList()
        .forEach(CompletableFuture::join);
    return String.valueOf((System.nanoTime() - start) / 1e9);
  }

  private void submit(List<Submission> batch, int tasks) {
    for (int left = tasks; left > 0; left -= BATCH) {
      queue.submitEach(batch.subList(0, Math.min(BATCH, left)));
    }
  }

  private static Task stored(Submission submission) {
    Task task = new Task();
    task.id = UUID.randomUUID();
    task.type = submission.type();
    task.queue = "default";
    task.priority = 5;
    task.tags = submission.tags();
    task.payload = submission.payload();
    task.attempt = 1;
    task.maxAttempts = 5;
    task.timeout = Duration.ofMinutes(1);
    task.state = TaskState.QUEUED;
    task.createdAt = Instant.now();
    task.runAt = task.createdAt;
    return task;
  }
}
