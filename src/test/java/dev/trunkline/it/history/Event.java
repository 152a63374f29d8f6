package dev.trunkline.it.history;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.time.Instant;
import java.util.List;

/**
 * One line of a history: what a client, a handler, an observer or the scenario itself did or saw.
 *
 * <p>{@code at} is the wall clock of the process that wrote the line. It orders the lines of one
 * process and helps people to read; nothing is judged by comparing it between processes.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "event")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Event.Began.class, name = "began"),
  @JsonSubTypes.Type(value = Event.Submitted.class, name = "submitted"),
  @JsonSubTypes.Type(value = Event.Refused.class, name = "refused"),
  @JsonSubTypes.Type(value = Event.Unknown.class, name = "unknown"),
  @JsonSubTypes.Type(value = Event.Started.class, name = "started"),
  @JsonSubTypes.Type(value = Event.Finished.class, name = "finished"),
  @JsonSubTypes.Type(value = Event.Observed.class, name = "observed"),
  @JsonSubTypes.Type(value = Event.Fault.class, name = "fault"),
})
public sealed interface Event {

  Instant at();

  String who();

  /** The scenario began; the seed is what its random choices came from. */
  record Began(Instant at, String who, String scenario, long seed) implements Event {}

  /**
   * A client's submission was accepted: from here on the service owes it a final state.
   *
   * @param key the client's own name for the submission, its {@code Idempotency-Key} where it sent
   *     one
   * @param runAt when the first attempt is due, by the database's clock; null where the answer was
   *     that to a repeated submission, which tells of the attempt that is current by then
   */
  record Submitted(Instant at, String who, String key, String task, String type, Instant runAt)
      implements Event {}

  /** A client's submission was refused as wrong: nothing of it may ever run. */
  record Refused(Instant at, String who, String key, int status) implements Event {}

  /**
   * A client does not know what became of its submission: no answer, or one that speaks of a fault
   * of the server ({@code status} 0 where there was none). It may be stored or not.
   */
  record Unknown(Instant at, String who, String key, int status, String why) implements Event {}

  /**
   * A handler began an attempt.
   *
   * @param key the submission's name, which the payload carried
   */
  record Started(Instant at, String who, String task, int attempt, String key) implements Event {}

  /**
   * A handler came to the end of an attempt, and is about to tell the worker so.
   *
   * @param outcome {@code succeeded}, or what it asked for instead
   */
  record Finished(Instant at, String who, String task, int attempt, String outcome)
      implements Event {}

  /**
   * An observer asked the service for a task.
   *
   * @param asked when the question was sent; {@code at} is when the answer was there
   * @param attempt the task's current attempt
   * @param runAt when that attempt was or is due, by the database's clock
   * @param attempts the task's history; null where the observer did not ask for it
   */
  record Observed(
      Instant at,
      String who,
      Instant asked,
      String task,
      String state,
      int attempt,
      Instant runAt,
      List<Attempt> attempts)
      implements Event {

    boolean isFinal() {
      return List.of("succeeded", "failed", "cancelled").contains(state);
    }
  }

  /**
   * The scenario did something to somebody: killed, froze, cut off.
   *
   * @param what in a few words, for people
   */
  record Fault(Instant at, String who, String what) implements Event {}

  /**
   * An attempt as the service tells of it, by the database's clock.
   *
   * @param started null where it is not known
   */
  record Attempt(int number, String worker, Instant started, Instant finished, String outcome) {}
}
