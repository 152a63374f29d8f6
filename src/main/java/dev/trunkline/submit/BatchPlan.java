package dev.trunkline.submit;

import dev.trunkline.submit.TaskWriter.KeyHolder;
import dev.trunkline.task.Refusal;
import dev.trunkline.task.RefusedException;
import dev.trunkline.task.Task;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What is to become of each submission of a batch, by its place in the list. A place is open until
 * it is fresh (to be stored), held (its key has a task) or refused; fresh and held ones get their
 * answer. For one thread.
 */
final class BatchPlan {

  private final List<Submission> submissions;
  private final Function<Submission, NewTask> check;
  private final SortedMap<Integer, NewTask> fresh = new TreeMap<>();
  private final SortedMap<Integer, UUID> held = new TreeMap<>();
  private final SortedMap<Integer, Refusal> refused = new TreeMap<>();
  private final Map<Integer, Submitted> answers = new HashMap<>();

  /**
   * @param check passes a submission, or refuses it by a {@link RefusedException}
   */
  BatchPlan(List<Submission> submissions, Function<Submission, NewTask> check) {
    this.submissions = submissions;
    this.check = check;
  }

  Submission submission(int place) {
    return submissions.get(place);
  }

  List<Integer> keyed() {
    return places(place -> submissions.get(place).idempotencyKey().isPresent());
  }

  /** Somebody's task has the key of this one. */
  void meet(int place, KeyHolder holder) {
    fresh.remove(place);
    if (holder.same()) {
      held.put(place, holder.id());
    } else {
      String key = submissions.get(place).idempotencyKey().orElseThrow();
      refused.put(place, new Refusal.KeyReused(key));
    }
  }

  /** What no key stands for is to be stored, unless it is refused. */
  void checkTheOpen() {
    places(this::isOpen).forEach(this::check);
  }

  void throwRefusals() {
    if (!refused.isEmpty()) {
      throw new Refusal.Several(refused).exception();
    }
  }

  SortedMap<Integer, NewTask> fresh() {
    return fresh;
  }

  /** What came of writing the fresh ones; those whose key was taken stay. */
  void written(List<Optional<Task>> tasks) {
    List<Integer> places = List.copyOf(fresh.keySet());
    for (int i = 0; i < places.size(); i++) {
      int place = places.get(i);
      tasks
          .get(i)
          .ifPresent(
              task -> {
                fresh.remove(place);
                answers.put(place, new Submitted(task, false));
              });
    }
  }

  List<UUID> heldIds() {
    return held.values().stream().distinct().toList();
  }

  /** The tasks of the held ones. One that is there no more leaves its place open again. */
  void loaded(Map<UUID, Task> tasks) {
    held.forEach(
        (place, id) -> {
          if (tasks.containsKey(id)) {
            answers.put(place, new Submitted(tasks.get(id), true));
          }
        });
    held.clear();
  }

  List<Submitted> answers() {
    return IntStream.range(0, submissions.size())
        .mapToObj(place -> Objects.requireNonNull(answers.get(place)))
        .toList();
  }

  private boolean isOpen(int place) {
    return Stream.of(fresh, held, refused, answers).noneMatch(map -> map.containsKey(place));
  }

  private List<Integer> places(IntPredicate wanted) {
    return IntStream.range(0, submissions.size()).filter(wanted).boxed().toList();
  }

  private void check(int place) {
    try {
      fresh.put(place, check.apply(submissions.get(place)));
    } catch (RefusedException e) {
      refused.put(place, e.refusal());
    }
  }
}
