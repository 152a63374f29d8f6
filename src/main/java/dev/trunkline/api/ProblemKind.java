package dev.trunkline.api;

import dev.trunkline.task.Refusal.Fault;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Every kind of problem there is, and the one table of them: what a problem is made of ({@link
 * #with}), what its page under {@code /problems/…} says, and what the OpenAPI document names.
 *
 * <p>A new one is a constant here, in the order of the statuses; {@link Problems} says which
 * refusal it answers, docs/api.md lists it. Nothing else needs to know. The name of the constant is
 * part of the contract, as {@link #type}: it never changes.
 */
enum ProblemKind {
  BAD_REQUEST(
      400,
      "The request cannot be read",
      "The request is not HTTP as this service reads it: its path holds a malformed escape such as"
          + " %zz, or a header of the protocol has a value that it cannot have.",
      "Correct the request; the same one is refused again.",
      "The request is not readable as HTTP: check the escapes in its path and query."),
  MALFORMED_REQUEST(
      400,
      "The request cannot be read",
      "The body is not JSON in UTF-8, a field is of another JSON type than it should be, is given"
          + " twice or is not known, a text holds a NUL character or half a surrogate pair, or a"
          + " header or a query parameter has a value that it cannot have.",
      "Correct what errors points to; the same request is refused again.",
      "/priorty is not a known field, did you mean \"priority\"?"),
  UNAUTHORIZED(
      401,
      "Credentials are missing",
      "The request has no credentials, or none of the scheme Bearer.",
      "Send a token: Authorization: Bearer ….",
      "Send a token in the header Authorization: Bearer."),
  INVALID_TOKEN(
      401,
      "The credentials are not valid",
      "The bearer token is not known here; or it is expired, not signed by the provider, or not"
          + " meant for this service.",
      "Get another token; the same one is refused again.",
      "The bearer token is unknown, expired or not meant for this service: get another one."),
  FORBIDDEN(
      403,
      "A role is missing",
      "The credentials are good, but whoever they belong to may not do this.",
      "Use credentials with the role that the operation needs, or ask an operator for it.",
      "These credentials are good, but have none of the roles that this needs."),
  NOT_FOUND(
      404,
      "There is nothing here",
      "The path leads nowhere; or to an example's endpoint while the examples are off.",
      "Check the path: the OpenAPI document lists all there are.",
      "Check the path: see /q/openapi."),
  NO_SUCH_TASK(
      404,
      "There is no such task",
      "No task has this id, or it is no id at all. A task that was deleted, by a client or because"
          + " its retention was over, is not there any more either.",
      "Use the id of the submission's answer. Do not ask again for one that is gone.",
      "No task has the id '0199d1c4-0000-7000-8000-000000000000'."),
  NO_SUCH_LEASE(
      404,
      "There is no such lease",
      "The token was never issued by this service: it was cut off, changed, or made up.",
      "Use the token as POST /api/v1/leases answered it.",
      "This token was never issued."),
  NO_SUCH_SECRET(
      404,
      "There is no such secret",
      "No secret to sign callbacks with has this id, or it is no id at all.",
      "Look at GET /api/v1/callback-secrets for those that there are.",
      "No callback secret has the id '0199d1c4-0000-7000-8000-000000000000'."),
  NO_SUCH_QUEUE(
      404,
      "There is no such queue",
      "No queue has this name. A queue is there from its first task on, from the start of the"
          + " first worker with a type that uses it, or from when it was paused.",
      "Look at GET /api/v1/queues for those that there are.",
      "No queue is called 'reports'."),
  METHOD_NOT_ALLOWED(
      405,
      "The method is not allowed here",
      "There is something at this path, but not for this method.",
      "Use one of the methods that the header Allow names.",
      "Use one of the methods in the header Allow."),
  NOT_ACCEPTABLE(
      406,
      "No such representation",
      "The header Accept rules out every representation that there is.",
      "Accept application/json, or the type that the OpenAPI document names; or send no Accept.",
      "Accept application/json, or what /q/openapi names here."),
  WRONG_STATE(
      409,
      "The task's state does not allow this",
      "What was asked for is possible in other states of the task only: a task that has ended"
          + " cannot be cancelled, for example. Nothing was changed.",
      "Look at the task's state and decide anew.",
      "Task 0199d1c4-0000-7000-8000-000000000000 is succeeded; this needs one that is not final."),
  LEASE_LOST(
      409,
      "The lease is over",
      "The lease ended before this was said: its time was over without a heartbeat, the task's"
          + " timeout was, or its attempt has ended already, in another way. Nothing was changed.",
      "Stop working on the task: somebody else may run it by now. Send heartbeats in time, or ask"
          + " for longer leases.",
      "The lease on task 0199d1c4-0000-7000-8000-000000000000 is over, and nothing was changed:"
          + " stop working on it."),
  NO_CALLBACK(
      409,
      "The task has no callback",
      "The task was submitted without a callback, so there is nobody to deliver it to.",
      "Submit tasks with a callback, or look at the task by its id.",
      "Task 0199d1c4-0000-7000-8000-000000000000 was submitted without a callback."),
  SECRETS_STAY(
      409,
      "The callback secrets stay as they are",
      "Callbacks are signed with the secrets of the setting trunkline.callback.secrets, which is"
          + " changed where it is set; or the last secret was to be deleted, or one more made than"
          + " there may be.",
      "Do what the detail says.",
      "This is the only secret: make a new one first, and delete this one when it is in use."),
  IDEMPOTENCY_KEY_IN_USE(
      409,
      "The idempotency key is being used",
      "A task was submitted under the same Idempotency-Key in a transaction that has not ended, so"
          + " whether the key is taken is not known yet. Nothing was stored.",
      "Send it again, as it is, in a moment.",
      "A submission under this key has not ended: send this one again in a moment."),
  CONTENT_TOO_LARGE(
      413,
      "The body is too large",
      "The body, or a line of a batch, is longer than its limit: quarkus.http.limits.max-body-size,"
          + " for the array of a batch trunkline.batch.max-body-bytes. The rest of it is not looked"
          + " at, and the connection may be closed.",
      "Send less; put large data somewhere else and its address into the payload.",
      "Send at most 1048576 bytes."),
  UNSUPPORTED_MEDIA_TYPE(
      415,
      "The body's type is not supported",
      "The header Content-Type is missing or names something that cannot be read here, its charset"
          + " is another one than UTF-8, or the body has a Content-Encoding.",
      "Send the header Content-Type: application/json and the body as it is, in UTF-8.",
      "Send the body as it is, in UTF-8, with the header Content-Type: application/json, or what"
          + " /q/openapi names here."),
  VALIDATION_FAILED(
      422,
      "The request is not valid",
      "The request could be read, but values in it are not possible: out of their bounds, against"
          + " the schema of the task's type, or nothing that PostgreSQL can store. Nothing was"
          + " stored.",
      "Correct what errors points to; the same request is refused again.",
      "/payload/time must have a minimum value of 1."),
  UNKNOWN_TYPE(
      422,
      "The task type is unknown",
      "No worker is known that runs tasks of this type.",
      "Look at GET /api/v1/task-types for those that there are; start the worker that runs it.",
      "No worker runs tasks of type ecko, did you mean \"echo\"?"),
  TYPE_UNAVAILABLE(
      422,
      "The task type cannot run at present",
      "The type is known, but what it needs is missing where the service runs.",
      "Do what the detail says, or tell an operator.",
      "Tasks of type chess.analyze cannot run here: no engine was found."),
  IDEMPOTENCY_KEY_REUSED(
      422,
      "The idempotency key was used for something else",
      "Another task was submitted under the same Idempotency-Key. Nothing was stored.",
      "Use a new key for a new task; send the same body for the same one.",
      "A task was submitted under this key with another body: use a new key for a new task."),
  TOO_MANY_REQUESTS(
      429,
      "Too many requests",
      "This client has sent more requests in a short time than trunkline.limits allows. Nothing was"
          + " done.",
      "Send it again after the seconds that Retry-After names.",
      "A client may send 100 requests a second here: see Retry-After."),
  TOO_MANY_WAITS(
      429,
      "Too many requests wait at once",
      "This client, or all together, have as many long polls and event streams open as"
          + " trunkline.limits allows.",
      "End one, or ask again after the seconds that Retry-After names.",
      "The limit of waiting requests for this client is 5000: end one, or ask again later."),
  REFUSED(
      400,
      "The request was refused",
      "HTTP itself refuses the request, with a status that has no page of its own.",
      "The status says what it is about.",
      "HTTP refuses this request with the status 417."),
  INTERNAL_ERROR(
      500,
      "The service failed",
      "A fault of the service. Whether anything was done is not known.",
      "Look whether it was, and try again; tell an operator, whose log tells more.",
      "This is a fault of the service; its log tells more."),
  SERVICE_UNAVAILABLE(
      503,
      "The service has no room for this",
      "The process takes no more requests at the moment. Nothing was done.",
      "Try again after the seconds that Retry-After names, at another replica if you know one.",
      "Try again in a moment; nothing was done."),
  DATABASE_UNAVAILABLE(
      503,
      "The database cannot be reached",
      "The database is away, starting, full or read-only. Nothing was done; only where the"
          + " connection broke in the middle of a commit can nobody know.",
      "Try again after the seconds that Retry-After names. Under an Idempotency-Key nothing is"
          + " stored twice.",
      "Try again in a moment; under an Idempotency-Key nothing is stored twice."),
  PROVIDER_UNAVAILABLE(
      503,
      "The token cannot be checked",
      "The OpenID Connect provider, which says what tokens are good, cannot be reached. Nothing was"
          + " done.",
      "Try again after the seconds that Retry-After names.",
      "The token cannot be checked at present: try again in a moment.");

  /** Where the pages are. */
  static final String PATH = "/problems/";

  private final int status;
  private final String title;
  private final String when;
  private final String remedy;
  private final String example;

  ProblemKind(int status, String title, String when, String remedy, String example) {
    this.status = status;
    this.title = title;
    this.when = when;
    this.remedy = remedy;
    this.example = example;
  }

  /** The kind of that name, as in {@code validation-failed}. */
  static Optional<ProblemKind> named(String slug) {
    return Arrays.stream(values()).filter(kind -> kind.slug().equals(slug)).findFirst();
  }

  /** The kind of that {@link #type}. */
  static ProblemKind of(String type) {
    return named(type.substring(PATH.length())).orElseThrow();
  }

  /** A problem of this kind. */
  Problem with(String detail) {
    return Problem.of(this, detail);
  }

  /** The last step of its address. */
  String slug() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The stable name that clients branch on (RFC 9457, 3.1.1), relative to the service. */
  String type() {
    return PATH + slug();
  }

  int status() {
    return status;
  }

  String title() {
    return title;
  }

  /** When it is answered, in sentences. */
  String when() {
    return when;
  }

  /** What the client can do about it, in sentences. */
  String remedy() {
    return remedy;
  }

  /** A problem of this kind, as it may be answered. */
  Problem example() {
    Problem problem = with(example);
    int end = example.indexOf(' ');
    return example.startsWith("/")
        ? problem.withErrors(
            List.of(new Fault(example.substring(0, end), example.substring(end + 1))))
        : problem;
  }
}
