package dev.trunkline.submit;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trunkline.submit.AnnouncedTypes.Announced;
import dev.trunkline.task.HandlerRegistry;
import dev.trunkline.task.Refusal;
import dev.trunkline.task.RefusedException;
import dev.trunkline.task.TaskHandler;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.function.Function;

/** Looks a submission through before it is stored, and fills in what its type says. */
@Singleton
class SubmissionCheck {

  private final HandlerRegistry handlers;
  private final AnnouncedTypes announced;
  private final PayloadCheck payloads;

  SubmissionCheck(HandlerRegistry handlers, AnnouncedTypes announced, PayloadCheck payloads) {
    this.handlers = handlers;
    this.announced = announced;
    this.payloads = payloads;
  }

  /**
   * Passes what can be stored, apart from its key.
   *
   * @throws dev.trunkline.task.RefusedException for an unknown type, bad values, or a payload that
   *     does not fit
   */
  NewTask check(Submission submission) {
    return check(submission, new BatchTypes(announced));
  }

  /** As {@link #check(Submission)}, for one batch and one thread: it asks for types only once. */
  Function<Submission, NewTask> ofBatch() {
    BatchTypes types = new BatchTypes(announced);
    return submission -> check(submission, types);
  }

  private NewTask check(Submission submission, BatchTypes types) {
    if (handlers.isInternal(submission.type())) {
      // Also where somebody outside of the service has announced to run it.
      throw unknown(submission, types);
    }
    return handlers
        .find(submission.type())
        .map(handler -> check(submission, handler))
        .orElseGet(() -> checkByName(submission, types));
  }

  /**
   * Whether {@link #check(Submission)} asks for nothing but memory and what answers at once, which
   * is not said of the constraints of a handler's own payload.
   */
  boolean isQuick(Submission submission) {
    return handlers
        .find(submission.type())
        .map(TaskHandler::type)
        .map(type -> !type.internal() && type.payload() == JsonNode.class)
        .orElse(false);
  }

  /** Whether this process runs tasks of its type. */
  boolean runsHere(NewTask task) {
    return handlers.runs(task.submission().type());
  }

  private NewTask check(Submission submission, TaskHandler<?, ?> handler) {
    handler
        .unavailable()
        .ifPresent(
            reason -> {
              throw new Refusal.UnavailableType(submission.type(), reason).exception();
            });
    SubmissionRules.check(submission);
    payloads.check(handler.type(), submission.payload());
    return NewTask.of(submission, handler.type());
  }

  /** Of a type that runs elsewhere, of whose payloads nothing is known here. */
  private NewTask checkByName(Submission submission, BatchTypes types) {
    Announced type = types.find(submission.type()).orElseThrow(() -> unknown(submission, types));
    SubmissionRules.check(submission);
    return NewTask.of(submission, type);
  }

  private RefusedException unknown(Submission submission, BatchTypes types) {
    List<String> known = types.namesAnd(handlers.typeNames());
    return new Refusal.UnknownType(submission.type(), known).exception();
  }
}
