package dev.trunkline.execute;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.trunkline.execute.RunningAttempt.Stop;
import dev.trunkline.finish.AttemptEnd;
import dev.trunkline.task.Outcome;
import dev.trunkline.task.RetryPolicy;
import dev.trunkline.task.TaskHandler;
import jakarta.inject.Singleton;
import jakarta.validation.ConstraintViolation;
import jakarta.validation.Validator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * One call of a handler, from the payload to the end of the attempt.
 *
 * <p>The payload's constraints are checked here once more: what SQL has submitted was never held
 * against them, and a newer version of the handler may have others than its task was checked with.
 */
@Singleton
class HandlerCall {

  private static final String UNFIT = "The payload does not fit the schema of its type";

  private final ObjectMapper mapper;
  private final Validator validator;
  private final Verdict verdict;
  private final Timeouts timeouts;

  /** Whether there is anything to check in payloads of a class. */
  private final Map<Class<?>, Boolean> constrained = new ConcurrentHashMap<>();

  HandlerCall(ObjectMapper mapper, Validator validator, Verdict verdict, Timeouts timeouts) {
    this.mapper = mapper;
    this.validator = validator;
    this.verdict = verdict;
    this.timeouts = timeouts;
  }

  /** How the attempt ended; empty where that is somebody else's affair by now. */
  Optional<AttemptEnd> make(TaskHandler<?, ?> handler, RunningAttempt attempt) {
    // Armed before the thread can be interrupted: a wheel that starts to turn swallows interrupts.
    try (var _ = timeouts.after(attempt)) {
      return attempt.open() ? run(handler, attempt) : Optional.empty();
    }
  }

  private Optional<AttemptEnd> run(TaskHandler<?, ?> handler, RunningAttempt attempt) {
    RetryPolicy retry = handler.type().retry();
    if (attempt.isCancelled()) {
      return stoppedBefore(attempt, retry);
    }
    AttemptEnd said;
    try {
      said = verdict.of(attempt, retry, call(handler, attempt));
    } catch (Throwable thrown) {
      said = verdict.failure(attempt, retry, thrown);
    }
    if (!attempt.close()) {
      return Optional.empty();
    }
    Optional<Stop> stop = attempt.stopReason();
    return stop.isPresent() ? verdict.stopped(attempt, retry, stop.get()) : Optional.of(said);
  }

  /** While it waited for its turn, so that its handler never ran. */
  private Optional<AttemptEnd> stoppedBefore(RunningAttempt attempt, RetryPolicy retry) {
    return attempt.close()
        ? verdict.stopped(attempt, retry, attempt.stopReason().orElseThrow())
        : Optional.empty();
  }

  private <P> Outcome<?> call(TaskHandler<P, ?> handler, RunningAttempt attempt) throws Exception {
    P payload;
    try {
      payload = mapper.readValue(attempt.task().payload(), handler.type().payload());
    } catch (JsonProcessingException e) {
      return Outcome.giveUp(UNFIT + ".");
    }
    if (payload == null) {
      return Outcome.giveUp(UNFIT + ": it is null.");
    }
    Set<ConstraintViolation<P>> violations = violations(payload);
    return violations.isEmpty()
        ? handler.handle(payload, attempt)
        : Outcome.giveUp(UNFIT + ": " + words(violations) + ".");
  }

  private <P> Set<ConstraintViolation<P>> violations(P payload) {
    boolean constrained =
        this.constrained.computeIfAbsent(
            payload.getClass(), type -> validator.getConstraintsForClass(type).isBeanConstrained());
    return constrained ? validator.validate(payload) : Set.of();
  }

  private static String words(Set<? extends ConstraintViolation<?>> violations) {
    return violations.stream()
        .map(fault -> (fault.getPropertyPath() + " " + fault.getMessage()).strip())
        .sorted()
        .collect(Collectors.joining("; "));
  }
}
