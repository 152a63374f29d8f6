package dev.trunkline.api;

import dev.trunkline.inspect.TaskSnapshot;
import dev.trunkline.task.Task;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.ResponseBuilder;
import java.util.List;

/** The answers that are a task, with what a client may know beside it. */
final class TaskAnswers {

  private static final String TASKS = "/api/v1/tasks/";

  private TaskAnswers() {}

  /** The task, or 304 where the client has it already. */
  static ResponseBuilder found(TaskSnapshot snapshot, List<String> ifNoneMatch) {
    String tag = EntityTags.strong(snapshot.digest());
    ResponseBuilder answer =
        EntityTags.match(ifNoneMatch, tag) ? Response.notModified() : whole(snapshot);
    answer
        .header(HttpHeaders.ETAG, tag)
        .header(HttpHeaders.CACHE_CONTROL, "no-cache")
        .header(HttpHeaders.VARY, "Prefer");
    return hint(answer, snapshot.task());
  }

  /** The task that was submitted, and that has ended meanwhile. */
  static ResponseBuilder ended(TaskSnapshot snapshot) {
    return located(whole(snapshot), snapshot.task())
        .header(HttpHeaders.CONTENT_LOCATION, TASKS + snapshot.id())
        .header(HttpHeaders.ETAG, EntityTags.strong(snapshot.digest()));
  }

  /** The task that was submitted. */
  static ResponseBuilder accepted(TaskSnapshot snapshot) {
    return hint(located(Response.accepted(snapshot.json()), snapshot.task()), snapshot.task());
  }

  private static ResponseBuilder whole(TaskSnapshot snapshot) {
    return Response.ok(snapshot.json(), MediaType.APPLICATION_JSON_TYPE);
  }

  private static ResponseBuilder located(ResponseBuilder answer, Task task) {
    return answer.header(HttpHeaders.LOCATION, TASKS + task.id);
  }

  /** When it is worth looking again. */
  private static ResponseBuilder hint(ResponseBuilder answer, Task task) {
    return task.state.isFinal()
        ? answer
        : answer.header(HttpHeaders.RETRY_AFTER, RetryAfter.seconds(task));
  }
}
