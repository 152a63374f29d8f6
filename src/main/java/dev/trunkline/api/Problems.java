package dev.trunkline.api;

import dev.trunkline.database.SqlFault;
import dev.trunkline.database.WriterClosedException;
import dev.trunkline.submit.Suggestion;
import dev.trunkline.task.Refusal;
import dev.trunkline.task.Refusal.Fault;
import java.util.List;

/**
 * Which problem answers what: the one place where refusals become HTTP. What kinds there are stands
 * in {@link ProblemKind}.
 */
final class Problems {

  private Problems() {}

  static Problem of(Refusal refusal) {
    return switch (refusal) {
      case Refusal.Malformed(var faults) -> malformed(faults);
      case Refusal.Invalid(var faults) -> invalid(faults);
      case Refusal.UnknownType(var type, var known) -> unknownType(type, known);
      case Refusal.UnavailableType(var type, var reason) ->
          ProblemKind.TYPE_UNAVAILABLE.with(
              "Tasks of type " + type + " cannot run here: " + reason);
      case Refusal.NoSuchTask(var id) ->
          ProblemKind.NO_SUCH_TASK.with("No task has the id '" + id + "'.");
      case Refusal.NoSuchQueue(var name) ->
          ProblemKind.NO_SUCH_QUEUE.with("No queue is called '" + name + "'.");
      case Refusal.WrongState(var id, var state, var wanted) ->
          ProblemKind.WRONG_STATE.with(
              "Task %s is %s; this needs one that is %s.".formatted(id, state.word(), wanted));
      case Refusal.LeaseLost(var task) ->
          ProblemKind.LEASE_LOST.with(
              "The lease on task %s is over, and nothing was changed: stop working on it."
                  .formatted(task));
      case Refusal.NoSuchLease() -> ProblemKind.NO_SUCH_LEASE.with("This token was never issued.");
      case Refusal.NoCallback(var id) ->
          ProblemKind.NO_CALLBACK.with("Task " + id + " was submitted without a callback.");
      case Refusal.NoSuchSecret(var id) ->
          ProblemKind.NO_SUCH_SECRET.with("No callback secret has the id '" + id + "'.");
      case Refusal.SecretsStay(var reason) -> ProblemKind.SECRETS_STAY.with(reason);
      case Refusal.KeyReused _ ->
          ProblemKind.IDEMPOTENCY_KEY_REUSED.with(
              "A task was submitted under this key with another body: use a new key for a new"
                  + " task.");
      case Refusal.KeyInUse _ ->
          ProblemKind.IDEMPOTENCY_KEY_IN_USE.with(
              "A submission under this key has not ended: send this one again in a moment.");
      case Refusal.TooManyRequests(var perSecond) ->
          ProblemKind.TOO_MANY_REQUESTS.with(
              "A client may send %d requests a second here: see Retry-After.".formatted(perSecond));
      case Refusal.TooLarge(var limit) ->
          ProblemKind.CONTENT_TOO_LARGE.with("Send at most " + limit + " bytes.");
      case Refusal.Several(var byPlace) -> SeveralProblems.of(byPlace);
      case Refusal.TooManyWaits(var who, var limit) ->
          ProblemKind.TOO_MANY_WAITS.with(
              "The limit of waiting requests for %s is %d: end one, or ask again later."
                  .formatted(who, limit));
    };
  }

  /** What has gone wrong without being meant to. */
  static Problem of(Throwable thrown) {
    return thrown instanceof WriterClosedException
        ? ofStatus(503)
        : SqlFault.behind(thrown).map(Problems::of).orElseGet(Problems::internal);
  }

  static Problem of(SqlFault fault) {
    return switch (fault) {
      case UNAVAILABLE, CONFLICT ->
          ProblemKind.DATABASE_UNAVAILABLE.with(
              "Try again in a moment; under an Idempotency-Key nothing is stored twice.");
      case BAD_DATA ->
          invalid(List.of(new Fault("", "holds a value that PostgreSQL cannot store")));
      case UNEXPECTED -> internal();
    };
  }

  static Problem invalidToken() {
    return ProblemKind.INVALID_TOKEN.with(
        "The bearer token is unknown, expired or not meant for this service: get another one.");
  }

  static Problem noProvider() {
    return ProblemKind.PROVIDER_UNAVAILABLE.with(
        "The token cannot be checked at present: try again in a moment.");
  }

  static Problem internal() {
    return ProblemKind.INTERNAL_ERROR.with("This is a fault of the service; its log tells more.");
  }

  /** What HTTP itself refuses, such as a path that leads nowhere. */
  static Problem ofStatus(int status) {
    return switch (status) {
      case 400 ->
          ProblemKind.BAD_REQUEST.with(
              "The request is not readable as HTTP: check the escapes in its path and query.");
      case 401 ->
          ProblemKind.UNAUTHORIZED.with("Send a token in the header Authorization: Bearer.");
      case 403 ->
          ProblemKind.FORBIDDEN.with(
              "These credentials are good, but have none of the roles that this needs.");
      case 404 -> ProblemKind.NOT_FOUND.with("Check the path: see /q/openapi.");
      case 405 ->
          ProblemKind.METHOD_NOT_ALLOWED.with("Use one of the methods in the header Allow.");
      case 406 ->
          ProblemKind.NOT_ACCEPTABLE.with(
              "Accept application/json, or what /q/openapi names here.");
      case 413 -> ProblemKind.CONTENT_TOO_LARGE.with("Send less.");
      case 415 ->
          ProblemKind.UNSUPPORTED_MEDIA_TYPE.with(
              "Send the body as it is, in UTF-8, with the header Content-Type: application/json, or"
                  + " what /q/openapi names here.");
      case 503 -> ProblemKind.SERVICE_UNAVAILABLE.with("Try again in a moment; nothing was done.");
      default ->
          status < 500
              ? ProblemKind.REFUSED
                  .with("HTTP refuses this request with the status " + status + ".")
                  .withStatus(status)
              : internal();
    };
  }

  private static Problem malformed(List<Fault> faults) {
    return ProblemKind.MALFORMED_REQUEST
        .with(faults.size() == 1 ? sentence(faults.getFirst()) : "See errors.")
        .withErrors(faults);
  }

  private static Problem invalid(List<Fault> faults) {
    return ProblemKind.VALIDATION_FAILED
        .with(faults.size() == 1 ? sentence(faults.getFirst()) : "See errors; nothing was stored.")
        .withErrors(faults);
  }

  private static Problem unknownType(String type, List<String> known) {
    Fault fault = new Fault("/type", Suggestion.unknown("task type", type, known));
    return ProblemKind.UNKNOWN_TYPE
        .with("No worker runs tasks of type " + type + ". " + sentence(fault))
        .withErrors(List.of(fault));
  }

  private static String sentence(Fault fault) {
    String said =
        (fault.pointer().isEmpty() ? "The request" : fault.pointer()) + " " + fault.detail();
    return said.endsWith("?") ? said : said + ".";
  }
}
