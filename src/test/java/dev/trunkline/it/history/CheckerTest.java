package dev.trunkline.it.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trunkline.it.history.Event.Attempt;
import dev.trunkline.it.history.Event.Finished;
import dev.trunkline.it.history.Event.Observed;
import dev.trunkline.it.history.Event.Refused;
import dev.trunkline.it.history.Event.Started;
import dev.trunkline.it.history.Event.Submitted;
import dev.trunkline.it.history.Event.Unknown;
import dev.trunkline.it.history.Violation.Rule;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One good history, and for each rule one that breaks this rule alone. */
class CheckerTest {

  private static final Instant T = Instant.parse("2030-01-01T00:00:00Z");
  private static final Attempt LOST = new Attempt(1, "one", at(1), at(4), "worker-lost");
  private static final Attempt DONE = new Attempt(2, "two", at(5), at(6), "succeeded");

  /** A task whose first worker is killed, and another one that a client had no answer for. */
  private final List<Event> history =
      new ArrayList<>(
          List.of(
              new Submitted(at(0), "client", "k1", "a", "fire.record", at(0)),
              new Unknown(at(0), "client", "k2", 0, "connection reset"),
              new Refused(at(0), "client", "k3", 400),
              new Started(at(1), "one", "a", 1, "k1"),
              new Observed(at(2), "observer", at(2), "a", "running", 1, at(0), null),
              new Started(at(5), "two", "a", 2, "k1"),
              new Finished(at(6), "two", "a", 2, "succeeded"),
              new Started(at(6), "two", "b", 1, "k2"),
              seen(7, "succeeded", 2, LOST, DONE),
              seen(9, "succeeded", 2, LOST, DONE)));

  @Test
  void aGoodHistoryHasNoViolations() {
    assertThat(new Checker(history).violations()).isEmpty();
  }

  @Test
  void anAcceptedTaskThatIsNeverSeenAgainIsLost() {
    history.add(new Submitted(at(8), "client", "k4", "c", "fire.record", at(8)));
    assertOnly(Rule.NOTHING_IS_LOST, "task c was accepted and never seen again");
  }

  @Test
  void anAcceptedTaskThatIsNotFinalAtTheEndIsLost() {
    history.add(new Submitted(at(8), "client", "k4", "c", "fire.record", at(8)));
    history.add(new Observed(at(9), "observer", at(9), "c", "queued", 1, at(8), List.of()));
    assertOnly(Rule.NOTHING_IS_LOST, "task c is queued at the end");
  }

  @Test
  void aTaskSucceedsInOneAttemptOnly() {
    replaceEnds("succeeded", 2, new Attempt(1, "one", at(1), at(4), "succeeded"), DONE);
    history.add(new Finished(at(4), "one", "a", 1, "succeeded"));
    assertOnly(Rule.ONE_SUCCESS, "task a is succeeded and has 2 succeeded attempts");
  }

  @Test
  void aTaskThatSucceededHasASucceededAttempt() {
    replaceEnds("succeeded", 2, LOST, new Attempt(2, "two", at(5), at(6), "worker-lost"));
    assertOnly(Rule.ONE_SUCCESS, "task a is succeeded and has 0 succeeded attempts");
  }

  @Test
  void aTaskThatFailedHasNoSucceededAttempt() {
    replaceEnds("failed", 2, LOST, DONE);
    assertOnly(Rule.ONE_SUCCESS, "task a is failed and has 1 succeeded attempts");
  }

  @Test
  void whatNobodyAskedForIsNotTakenForGood() {
    history.removeIf(e -> e instanceof Observed seen && seen.attempts() != null);
    history.add(new Observed(at(9), "o", at(9), "a", "succeeded", 2, at(0), null));
    assertOnly(Rule.ONE_SUCCESS, "nobody asked for the attempts of task a");
  }

  @Test
  void aLaterLookThatDoesNotAskForAttemptsTakesNothingBack() {
    history.add(new Observed(at(10), "o", at(10), "a", "succeeded", 2, at(0), null));
    assertThat(new Checker(history).violations()).isEmpty();
  }

  @Test
  void attemptsAreNumberedWithoutGaps() {
    replaceEnds("succeeded", 4, LOST, DONE, new Attempt(4, "one", at(6), at(7), "worker-lost"));
    assertOnly(Rule.NUMBERED_WITHOUT_GAPS, "task a has the attempts [1, 2, 4]");
  }

  @Test
  void anAttemptIsStartedOnce() {
    history.add(new Started(at(5), "three", "a", 2, "k1"));
    assertOnly(Rule.STARTED_ONCE, "attempt 2 of task a was started 2 times, by [two, three]");
  }

  @Test
  void aFinalTaskDoesNotComeBack() {
    history.add(
        history.size() - 1, new Observed(at(8), "observer", at(8), "a", "running", 2, at(0), null));
    assertOnly(Rule.FINAL_IS_FINAL, "task a was succeeded after attempt 2");
  }

  @Test
  void aFinalTaskDoesNotChangeItsAttempts() {
    history.add(seen(9, "succeeded", 2, LOST, new Attempt(2, "one", at(5), at(6), "succeeded")));
    assertOnly(Rule.FINAL_IS_FINAL, "worker=one, started=2030-01-01T00:00:05Z");
  }

  @Test
  void aSlowQuestionMayBeAnsweredWithTheStateOfBefore() {
    history.add(
        history.size() - 1, new Observed(at(8), "observer", at(6), "a", "running", 2, at(0), null));
    assertThat(new Checker(history).violations()).isEmpty();
  }

  @Test
  void theFirstAttemptWaitsForTheTimeThatWasPromised() {
    history.set(0, new Submitted(at(0), "client", "k1", "a", "fire.record", at(2)));
    assertOnly(Rule.NOT_BEFORE_ITS_TIME, "attempt 1 of task a was due at 2030-01-01T00:00:02Z");
  }

  @Test
  void aRepeatedSubmissionPromisesNothingAboutTheFirstAttempt() {
    history.add(new Submitted(at(8), "client", "k1", "a", "fire.record", null));
    assertThat(new Checker(history).violations()).isEmpty();
  }

  @Test
  void aLaterAttemptWaitsForItsTimeToTheMicrosecond() {
    Instant due = at(5).plusNanos(1_000);
    Event early = new Observed(at(9), "o", at(9), "a", "succeeded", 2, due, List.of(LOST, DONE));
    history.set(history.size() - 1, early);
    assertOnly(
        Rule.NOT_BEFORE_ITS_TIME, "attempt 2 of task a was due at 2030-01-01T00:00:05.000001Z");
  }

  @Test
  void aSuccessThatNoHandlerReportedIsInvented() {
    history.removeIf(Finished.class::isInstance);
    assertOnly(Rule.THE_HANDLER_SAID_SO, "attempt 2 of task a is recorded as succeeded");
  }

  @Test
  void aSuccessOfAHandlerThatReportedFailureIsInvented() {
    history.removeIf(Finished.class::isInstance);
    history.add(new Finished(at(6), "two", "a", 2, "failed"));
    assertOnly(Rule.THE_HANDLER_SAID_SO, "attempt 2 of task a is recorded as succeeded");
  }

  @Test
  void handlersThatDoNotWriteHistoriesAreNotAsked() {
    history.removeIf(e -> e instanceof Finished || e instanceof Started);
    history.set(0, new Submitted(at(0), "client", "k1", "a", "echo", at(0)));
    assertThat(new Checker(history).violations()).isEmpty();
  }

  @Test
  void everyAttemptThatStartedIsToldOf() {
    history.add(new Started(at(6), "three", "a", 3, "k1"));
    assertOnly(Rule.EVERY_START_IS_RECORDED, "attempt 3 of task a was started by three");
  }

  @Test
  void aKeyIsAnsweredWithOneTask() {
    history.add(new Submitted(at(8), "client", "k1", "c", "fire.record", at(0)));
    history.add(new Observed(at(9), "o", at(9), "c", "cancelled", 1, at(0), List.of()));
    assertOnly(Rule.ONE_KEY_ONE_TASK, "the key k1 became the tasks [a, c]");
  }

  @Test
  void aKeyRunsAsOneTask() {
    history.add(new Started(at(6), "two", "c", 1, "k2"));
    assertOnly(Rule.ONE_KEY_ONE_TASK, "the key k2 became the tasks [b, c]");
  }

  @Test
  void whatNobodySubmittedDoesNotRun() {
    history.add(new Started(at(6), "two", "x", 1, "k9"));
    assertOnly(Rule.NOTHING_UNASKED_RUNS, "task x (k9) was started by two, but nobody asked");
  }

  @Test
  void whatWasRefusedDoesNotRun() {
    history.add(new Started(at(6), "two", "x", 1, "k3"));
    assertOnly(Rule.NOTHING_UNASKED_RUNS, "but its submission was refused");
  }

  @Test
  void aHistoryComesBackFromItsFileWithoutALineThatAKillCutOff(@TempDir Path directory)
      throws Exception {
    Path path = directory.resolve("h.jsonl");
    try (EventFile file = new EventFile(path)) {
      history.forEach(file::append);
    }
    Files.writeString(path, "{\"event\":\"sta", StandardOpenOption.APPEND);
    assertThat(EventFile.read(path)).isEqualTo(history);
  }

  private void assertOnly(Rule rule, String what) {
    assertThat(new Checker(history).violations())
        .singleElement()
        .satisfies(
            violation -> {
              assertThat(violation.rule()).isEqualTo(rule);
              assertThat(violation.what()).contains(what);
            });
  }

  private void replaceEnds(String state, int attempt, Attempt... attempts) {
    history.set(history.size() - 2, seen(7, state, attempt, attempts));
    history.set(history.size() - 1, seen(9, state, attempt, attempts));
  }

  private static Observed seen(int second, String state, int attempt, Attempt... attempts) {
    Instant when = at(second);
    return new Observed(when, "observer", when, "a", state, attempt, at(0), List.of(attempts));
  }

  private static Instant at(int second) {
    return T.plusSeconds(second);
  }
}
