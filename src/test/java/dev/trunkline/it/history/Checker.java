package dev.trunkline.it.history;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;
import static java.util.stream.Collectors.toSet;

import dev.trunkline.it.history.Event.Attempt;
import dev.trunkline.it.history.Event.Finished;
import dev.trunkline.it.history.Event.Observed;
import dev.trunkline.it.history.Event.Refused;
import dev.trunkline.it.history.Event.Started;
import dev.trunkline.it.history.Event.Submitted;
import dev.trunkline.it.history.Event.Unknown;
import dev.trunkline.it.history.Violation.Rule;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Judges a history by what clients, handlers and observers wrote down, and by nothing else: no
 * database, no class of the service. For scenarios in which nobody retries a task by hand.
 *
 * <p>Times are compared where one clock made both: the database's among each other, the observing
 * process' among each other.
 */
public final class Checker {

  /** Types that begin so have handlers which write into the history. */
  private static final String REPORTING = "fire.";

  private final List<Submitted> submitted;
  private final List<Started> started;
  private final List<Finished> finished;
  private final List<Event> events;
  private final Map<String, List<Observed>> observed;
  private final List<Violation> violations = new ArrayList<>();

  public Checker(List<Event> events) {
    this.events = events;
    this.submitted = only(Submitted.class);
    this.started = only(Started.class);
    this.finished = only(Finished.class);
    this.observed =
        only(Observed.class).stream()
            .sorted(Comparator.comparing(Observed::at))
            .collect(groupingBy(Observed::task, TreeMap::new, toList()));
  }

  /** Everything that is wrong; empty for a good history. */
  public List<Violation> violations() {
    violations.clear();
    nothingIsLost();
    submitted.stream().map(Submitted::task).distinct().forEach(this::checkAttempts);
    startedOnce();
    observed.values().forEach(this::finalIsFinal);
    notBeforeItsTime();
    theHandlerSaidSo();
    everyStartIsRecorded();
    oneKeyOneTask();
    nothingUnaskedRuns();
    return List.copyOf(violations);
  }

  /** Every accepted task is final when it is looked at last. */
  private void nothingIsLost() {
    for (String task : submitted.stream().map(Submitted::task).collect(toSet())) {
      List<Observed> seen = observed.getOrDefault(task, List.of());
      if (seen.isEmpty()) {
        report(Rule.NOTHING_IS_LOST, "task %s was accepted and never seen again", task);
      } else if (!seen.getLast().isFinal()) {
        report(Rule.NOTHING_IS_LOST, "task %s is %s at the end", task, seen.getLast().state());
      }
    }
  }

  /** The attempts of a final task count 1..n, and one of them succeeded exactly if the task did. */
  private void checkAttempts(String task) {
    boolean isFinal = observed.getOrDefault(task, List.of()).stream().anyMatch(Observed::isFinal);
    told(task).ifPresent(this::checkAttempts);
    if (isFinal && told(task).isEmpty()) {
      report(Rule.ONE_SUCCESS, "nobody asked for the attempts of task %s", task);
    }
  }

  private void checkAttempts(Observed last) {
    List<Integer> numbers = last.attempts().stream().map(Attempt::number).toList();
    if (!numbers.equals(IntStream.rangeClosed(1, numbers.size()).boxed().toList())) {
      report(Rule.NUMBERED_WITHOUT_GAPS, "task %s has the attempts %s", last.task(), numbers);
    }
    long successes =
        last.attempts().stream().filter(attempt -> attempt.outcome().equals("succeeded")).count();
    if (successes != (last.state().equals("succeeded") ? 1 : 0)) {
      report(
          Rule.ONE_SUCCESS,
          "task %s is %s and has %d succeeded attempts",
          last.task(),
          last.state(),
          successes);
    }
  }

  /** No attempt is started twice, by whomever. */
  private void startedOnce() {
    Map<Token, List<String>> starts =
        started.stream()
            .collect(
                groupingBy(
                    start -> new Token(start.task(), start.attempt()),
                    mapping(Started::who, toList())));
    starts.forEach(
        (token, who) -> {
          if (who.size() > 1) {
            report(Rule.STARTED_ONCE, "%s was started %d times, by %s", token, who.size(), who);
          }
        });
  }

  /** A question that was asked after a final answer was there gets the same one. */
  private void finalIsFinal(List<Observed> seen) {
    seen.stream()
        .filter(Observed::isFinal)
        .findFirst()
        .ifPresent(
            first ->
                seen.stream()
                    .filter(other -> other.isFinal() || other.asked().isAfter(first.at()))
                    .filter(other -> !sameEnd(first, other))
                    .forEach(other -> reportChange(first, other)));
  }

  private static boolean sameEnd(Observed one, Observed other) {
    boolean sameAttempts =
        one.attempts() == null
            || other.attempts() == null
            || one.attempts().equals(other.attempts());
    return one.state().equals(other.state()) && one.attempt() == other.attempt() && sameAttempts;
  }

  private void reportChange(Observed one, Observed other) {
    report(
        Rule.FINAL_IS_FINAL,
        "task %s was %s after attempt %d %s, and later %s after attempt %d %s",
        one.task(),
        one.state(),
        one.attempt(),
        one.attempts(),
        other.state(),
        other.attempt(),
        other.attempts());
  }

  /**
   * By the database's clock: the first attempt against the time that was answered at submission,
   * the current one against the task's present time.
   */
  private void notBeforeItsTime() {
    for (Submitted task : submitted) {
      attempts(task.task())
          .filter(attempt -> task.runAt() != null)
          .filter(attempt -> attempt.number() == 1 && isBefore(attempt, task.runAt()))
          .forEach(attempt -> reportEarly(task.task(), attempt, task.runAt()));
    }
    for (String task : observed.keySet()) {
      Observed last = told(task).orElse(observed.get(task).getLast());
      attempts(task)
          .filter(attempt -> attempt.number() == last.attempt())
          .filter(attempt -> isBefore(attempt, last.runAt()))
          .forEach(attempt -> reportEarly(task, attempt, last.runAt()));
    }
  }

  private static boolean isBefore(Attempt attempt, Instant due) {
    return attempt.started() != null && attempt.started().isBefore(due);
  }

  private void reportEarly(String task, Attempt attempt, Instant due) {
    report(
        Rule.NOT_BEFORE_ITS_TIME,
        "attempt %d of task %s was due at %s and started at %s",
        attempt.number(),
        task,
        due,
        attempt.started());
  }

  /** An attempt that is recorded as succeeded or failed is one whose handler came to that end. */
  private void theHandlerSaidSo() {
    Map<Token, Set<String>> said =
        finished.stream()
            .collect(
                groupingBy(
                    end -> new Token(end.task(), end.attempt()),
                    mapping(Finished::outcome, toSet())));
    for (String task :
        submitted.stream()
            .filter(task -> task.type().startsWith(REPORTING))
            .map(Submitted::task)
            .collect(toSet())) {
      attempts(task)
          .filter(attempt -> List.of("succeeded", "failed").contains(attempt.outcome()))
          .filter(
              attempt ->
                  !said.getOrDefault(new Token(task, attempt.number()), Set.of())
                      .contains(attempt.outcome()))
          .forEach(
              attempt ->
                  report(
                      Rule.THE_HANDLER_SAID_SO,
                      "attempt %d of task %s is recorded as %s, and no handler said so",
                      attempt.number(),
                      task,
                      attempt.outcome()));
    }
  }

  /** Whatever a handler began stands in the history of its task. */
  private void everyStartIsRecorded() {
    for (Started start : started) {
      if (told(start.task()).isPresent()
          && attempts(start.task()).noneMatch(a -> a.number() == start.attempt())) {
        report(
            Rule.EVERY_START_IS_RECORDED,
            "attempt %d of task %s was started by %s, and the task does not tell of it",
            start.attempt(),
            start.task(),
            start.who());
      }
    }
  }

  /** However often a submission is repeated under its key, it is one task. */
  private void oneKeyOneTask() {
    Map<String, Set<String>> tasks = new HashMap<>();
    submitted.forEach(s -> tasks.computeIfAbsent(s.key(), k -> new TreeSet<>()).add(s.task()));
    started.forEach(s -> tasks.computeIfAbsent(s.key(), k -> new TreeSet<>()).add(s.task()));
    tasks.forEach(
        (key, ids) -> {
          if (ids.size() > 1) {
            report(Rule.ONE_KEY_ONE_TASK, "the key %s became the tasks %s", key, ids);
          }
        });
  }

  /** What a handler began was accepted, or its client does not know better. */
  private void nothingUnaskedRuns() {
    Set<String> accepted = submitted.stream().map(Submitted::task).collect(toSet());
    Set<String> doubtful = only(Unknown.class).stream().map(Unknown::key).collect(toSet());
    Set<String> refused = only(Refused.class).stream().map(Refused::key).collect(toSet());
    for (Started start : started) {
      boolean asked = accepted.contains(start.task()) || doubtful.contains(start.key());
      if (!asked) {
        String why = refused.contains(start.key()) ? "its submission was refused" : "nobody asked";
        report(
            Rule.NOTHING_UNASKED_RUNS,
            "task %s (%s) was started by %s, but %s",
            start.task(),
            start.key(),
            start.who(),
            why);
      }
    }
  }

  /** The last time that the final task was asked for its attempts. */
  private Optional<Observed> told(String task) {
    return observed.getOrDefault(task, List.of()).stream()
        .filter(seen -> seen.isFinal() && seen.attempts() != null)
        .reduce((earlier, later) -> later);
  }

  private Stream<Attempt> attempts(String task) {
    return told(task).stream().flatMap(seen -> seen.attempts().stream());
  }

  private void report(Rule rule, String what, Object... details) {
    violations.add(new Violation(rule, what.formatted(details)));
  }

  private <E extends Event> List<E> only(Class<E> kind) {
    return events.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  private record Token(String task, int attempt) {
    @Override
    public String toString() {
      return "attempt " + attempt + " of task " + task;
    }
  }
}
