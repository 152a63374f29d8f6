package dev.trunkline.execute;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.trunkline.execute.RunningAttempt.Stop;
import dev.trunkline.finish.AttemptEnd;
import dev.trunkline.task.Outcome;
import dev.trunkline.task.RetryPolicy;
import dev.trunkline.task.TaskHandler;
import jakarta.inject.Singleton;
import java.util.Optional;

/** One call of a handler, from the payload to the end of the attempt. */
@Singleton
class HandlerCall {

  private final ObjectMapper mapper;
  private final Verdict verdict;
  private final Timeouts timeouts;

  HandlerCall(ObjectMapper mapper, Verdict verdict, Timeouts timeouts) {
    this.mapper = mapper;
    this.verdict = verdict;
    this.timeouts = timeouts;
  }

  /** How the attempt ended; empty where that is somebody else's affair by now. */
  Optional<AttemptEnd> make(TaskHandler<?, ?> handler, RunningAttempt attempt) {
    RetryPolicy retry = handler.type().retry();
    if (!attempt.open()) {
      return Optional.empty();
    }
    AttemptEnd said;
    try (var _ = timeouts.after(attempt)) {
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

  private <P> Outcome<?> call(TaskHandler<P, ?> handler, RunningAttempt attempt) throws Exception {
    P payload;
    try {
      payload = mapper.readValue(attempt.task().payload(), handler.type().payload());
    } catch (JsonProcessingException e) {
      return Outcome.giveUp("The payload does not fit the schema of its type.");
    }
    return handler.handle(payload, attempt);
  }
}
