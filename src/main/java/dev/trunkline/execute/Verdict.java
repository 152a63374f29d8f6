package dev.trunkline.execute;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.trunkline.database.SqlFault;
import dev.trunkline.execute.RunningAttempt.Stop;
import dev.trunkline.finish.AttemptEnd;
import dev.trunkline.finish.AttemptEnd.Kind;
import dev.trunkline.finish.AttemptEnd.Setback;
import dev.trunkline.finish.AttemptEnd.Success;
import dev.trunkline.finish.Ran;
import dev.trunkline.task.Outcome;
import dev.trunkline.task.RetryPolicy;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Turns what a handler said, or why it was stopped, into the end that is written. */
@Singleton
class Verdict {

  private static final Logger LOG = Logger.getLogger(Verdict.class);

  private final ObjectMapper mapper;
  private final RandomGenerator random = RandomGenerator.getDefault();

  Verdict(ObjectMapper mapper) {
    this.mapper = mapper;
  }

  AttemptEnd of(
      RunningAttempt attempt, RetryPolicy retry, Outcome<? extends @Nullable Object> outcome) {
    Ran ran = attempt.ran();
    return switch (outcome) {
      case Outcome.Succeeded<?>(var result) -> success(attempt, result);
      case Outcome.RetryLater<?>(var reason, var delay) ->
          again(ran, Kind.FAILED, reason, delay.orElseGet(() -> backoff(attempt, retry)));
      case Outcome.GiveUp<?>(var reason) -> giveUp(ran, reason);
      case Outcome.Snooze<?>(var delay) -> again(ran, Kind.SNOOZED, "snoozed", delay);
    };
  }

  AttemptEnd failure(RunningAttempt attempt, RetryPolicy retry, Throwable thrown) {
    if (!attempt.isCancelled()) {
      LOG.infof(thrown, "The handler of %s failed.", attempt.task().type());
    }
    return again(attempt.ran(), Kind.FAILED, reason(thrown), backoff(attempt, retry));
  }

  /** What the handler meant to say; the words of Java and of the database are for the log alone. */
  private static String reason(Throwable thrown) {
    String message = thrown.getMessage();
    boolean isABug =
        thrown instanceof Error
            || thrown instanceof NullPointerException
            || thrown instanceof ClassCastException
            || thrown instanceof IndexOutOfBoundsException
            || SqlFault.behind(thrown).isPresent();
    return isABug || message == null || message.isBlank()
        ? "The handler failed; the worker's log tells more."
        : message;
  }

  /** Empty where there is nothing to write, because the attempt is somebody else's affair now. */
  Optional<AttemptEnd> stopped(RunningAttempt attempt, RetryPolicy retry, Stop stop) {
    String abandoned =
        attempt.isAbandoned() ? " Its handler ignored the interrupt, and was abandoned." : "";
    return switch (stop) {
      case TIMED_OUT ->
          Optional.of(
              again(
                  attempt.ran(),
                  Kind.TIMED_OUT,
                  "The attempt took longer than " + attempt.task().timeout() + "." + abandoned,
                  backoff(attempt, retry)));
      case CANCELLED ->
          Optional.of(
              new Setback(
                  attempt.ran(),
                  Kind.CANCELLED,
                  "Cancelled while running." + abandoned,
                  false,
                  Duration.ZERO));
      case LEASE_LOST, SHUTDOWN -> Optional.empty();
    };
  }

  private static Setback giveUp(Ran ran, String reason) {
    return new Setback(ran, Kind.REJECTED, reason, false, Duration.ZERO);
  }

  /** Instead of an end that the database refused. */
  static Setback unwritable(Ran ran, SqlFault fault) {
    return fault == SqlFault.BAD_DATA
        ? giveUp(ran, "The result cannot be stored: PostgreSQL refuses a value in it.")
        : again(ran, Kind.FAILED, "The result could not be stored.", Duration.ofMinutes(1));
  }

  private AttemptEnd success(RunningAttempt attempt, @Nullable Object result) {
    try {
      return new Success(attempt.ran(), mapper.writeValueAsString(result), attempt.lastProgress());
    } catch (JsonProcessingException e) {
      return giveUp(attempt.ran(), "The result could not be written as JSON.");
    }
  }

  private static Setback again(Ran ran, Kind kind, String reason, Duration delay) {
    return new Setback(ran, kind, reason, true, delay.isNegative() ? Duration.ZERO : delay);
  }

  private Duration backoff(RunningAttempt attempt, RetryPolicy retry) {
    return retry.delayAfter(attempt.task().failuresBefore() + 1, random);
  }
}
