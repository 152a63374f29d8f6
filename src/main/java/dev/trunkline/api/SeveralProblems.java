package dev.trunkline.api;

import dev.trunkline.task.Refusal;
import dev.trunkline.task.Refusal.Fault;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;

/**
 * The one problem for a batch of which several tasks are refused: every fault of every task, each
 * with the task's place in front of its pointer.
 */
final class SeveralProblems {

  /** Faults that are named; a client that got everything wrong learns nothing from more. */
  static final int NAMED = 1_000;

  private SeveralProblems() {}

  static Problem of(SortedMap<Integer, Refusal> byPlace) {
    List<Problem> problems = new ArrayList<>();
    List<Fault> faults = new ArrayList<>();
    byPlace.forEach(
        (place, refusal) -> {
          Problem problem = Problems.of(faults.size() < NAMED ? refusal : unexplained(refusal));
          problems.add(problem);
          faults.addAll(faults(place, problem));
        });
    return kind(problems)
        .with(detail(problems.size(), faults.size()))
        .withErrors(faults.stream().limit(NAMED).toList());
  }

  /** What cannot be read outweighs what is not valid; what all have in common says more. */
  private static ProblemKind kind(List<Problem> problems) {
    List<ProblemKind> kinds =
        problems.stream().map(problem -> ProblemKind.of(problem.type())).distinct().toList();
    if (kinds.size() == 1) {
      return kinds.getFirst();
    }
    return kinds.contains(ProblemKind.MALFORMED_REQUEST)
        ? ProblemKind.MALFORMED_REQUEST
        : ProblemKind.VALIDATION_FAILED;
  }

  /** One that is only counted: nobody reads what its name was taken for, which takes its time. */
  private static Refusal unexplained(Refusal refusal) {
    return refusal instanceof Refusal.UnknownType(var type, _)
        ? new Refusal.UnknownType(type, List.of())
        : refusal;
  }

  private static List<Fault> faults(int place, Problem problem) {
    return problem.errors().isEmpty()
        ? List.of(new Fault("/" + place, problem.detail()))
        : problem.errors().stream()
            .map(fault -> new Fault("/" + place + fault.pointer(), fault.detail()))
            .toList();
  }

  private static String detail(int tasks, int faults) {
    String refused = tasks == 1 ? "One task is refused" : tasks + " tasks are refused";
    String named =
        faults <= NAMED
            ? "errors names every fault."
            : "errors names the first %d of %d faults.".formatted(NAMED, faults);
    return refused + " and nothing was stored; " + named;
  }
}
