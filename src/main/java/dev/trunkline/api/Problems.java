package dev.trunkline.api;

import dev.trunkline.database.SqlFault;
import dev.trunkline.task.Refusal;
import dev.trunkline.task.Refusal.Fault;
import java.util.List;

/** Every problem that the service answers with: the one place where refusals become HTTP. */
final class Problems {

  private Problems() {}

  static Problem of(Refusal refusal) {
    return switch (refusal) {
      case Refusal.Malformed(var faults) -> malformed(faults);
      case Refusal.Invalid(var faults) -> invalid(faults);
      case Refusal.UnknownType(var type, var known) -> unknownType(type, known);
      case Refusal.UnavailableType(var type, var reason) ->
          new Problem(
              "type-unavailable",
              "The task type cannot run at present",
              422,
              "Tasks of type " + type + " cannot run here: " + reason);
      case Refusal.NoSuchTask(var id) ->
          new Problem(
              "no-such-task", "There is no such task", 404, "No task has the id '" + id + "'.");
      case Refusal.WrongState(var id, var state, var wanted) ->
          new Problem(
              "wrong-state",
              "The task's state does not allow this",
              409,
              "Task %s is %s; this needs one that is %s.".formatted(id, state.word(), wanted));
      case Refusal.KeyReused _ ->
          new Problem(
              "idempotency-key-reused",
              "The idempotency key was used for something else",
              422,
              "A task was submitted under this key with another body: use a new key for a new"
                  + " task.");
      case Refusal.TooManyWaits(var who, var limit) ->
          new Problem(
              "too-many-waits",
              "Too many requests wait at once",
              429,
              "The limit of waiting requests for %s is %d: end one, or ask again later."
                  .formatted(who, limit));
    };
  }

  static Problem of(SqlFault fault) {
    return switch (fault) {
      case UNAVAILABLE, CONFLICT ->
          new Problem(
              "database-unavailable",
              "The database cannot be reached",
              503,
              "Try again in a moment; under an Idempotency-Key nothing is stored twice.");
      case BAD_DATA ->
          invalid(List.of(new Fault("", "holds a value that PostgreSQL cannot store")));
      case UNEXPECTED -> internal();
    };
  }

  static Problem internal() {
    return new Problem(
        "internal-error",
        "The service failed",
        500,
        "This is a fault of the service; its log tells more.");
  }

  /** What HTTP itself refuses, such as a path that leads nowhere. */
  static Problem ofStatus(int status) {
    return switch (status) {
      case 400 -> plain("bad-request", "The request cannot be read", status, "Check its syntax.");
      case 401 -> plain("unauthorized", "Credentials are missing", status, "Send a bearer token.");
      case 403 -> plain("forbidden", "A role is missing", status, "These credentials do not do.");
      case 404 ->
          plain("not-found", "There is nothing here", status, "Check the path: see /q/openapi.");
      case 405 ->
          plain(
              "method-not-allowed",
              "The method is not allowed here",
              status,
              "Use one of the methods in the header Allow.");
      case 406 ->
          plain("not-acceptable", "No such representation", status, "Accept application/json.");
      case 413 ->
          plain(
              "content-too-large",
              "The body is too large",
              status,
              "Send less: the limit is quarkus.http.limits.max-body-size.");
      case 415 ->
          plain(
              "unsupported-media-type",
              "The body's type is not supported",
              status,
              "Send the header Content-Type: application/json.");
      default ->
          status < 500 ? plain("refused", "The request was refused", status, "") : internal();
    };
  }

  private static Problem malformed(List<Fault> faults) {
    return plain(
            "malformed-request",
            "The request cannot be read",
            400,
            faults.size() == 1 ? sentence(faults.getFirst()) : "See errors.")
        .withErrors(faults);
  }

  private static Problem invalid(List<Fault> faults) {
    return plain(
            "validation-failed",
            "The request is not valid",
            422,
            faults.size() == 1 ? sentence(faults.getFirst()) : "See errors; nothing was stored.")
        .withErrors(faults);
  }

  private static Problem unknownType(String type, List<String> known) {
    String detail =
        "No worker runs tasks of type " + type + "; known are: " + String.join(", ", known) + ".";
    return plain("unknown-type", "The task type is unknown", 422, detail)
        .withErrors(List.of(new Fault("/type", "is not a known task type")));
  }

  private static String sentence(Fault fault) {
    return (fault.pointer().isEmpty() ? "The request" : fault.pointer())
        + " "
        + fault.detail()
        + ".";
  }

  private static Problem plain(String name, String title, int status, String detail) {
    return new Problem(name, title, status, detail);
  }
}
