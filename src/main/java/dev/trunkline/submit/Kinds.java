package dev.trunkline.submit;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the tasks of a batch have in common: many differ in nothing but their payload. So that is
 * sent, and read by PostgreSQL, once for all of a kind.
 *
 * @param all each kind once
 * @param numbers of the tasks' kinds, in the order of the tasks; the first kind is 1
 */
record Kinds(List<Kind> all, List<Integer> numbers) {

  static Kinds of(List<NewTask> tasks) {
    Map<Kind, Integer> known = new LinkedHashMap<>();
    List<Integer> numbers = new ArrayList<>(tasks.size());
    for (NewTask task : tasks) {
      Integer next = known.size() + 1;
      Integer number = known.putIfAbsent(Kind.of(task), next);
      numbers.add(number == null ? next : number);
    }
    return new Kinds(List.copyOf(known.keySet()), numbers);
  }

  /** Everything of a task but its payload and its key. */
  record Kind(
      String type,
      String queue,
      int priority,
      List<String> tags,
      int maxAttempts,
      Duration timeout,
      Optional<Duration> delay,
      Optional<Instant> runAt,
      Optional<Instant> expiresAt,
      @Nullable String traceparent,
      Optional<String> callback) {

    private static Kind of(NewTask task) {
      Submission submission = task.submission();
      return new Kind(
          submission.type(),
          task.queue(),
          task.priority(),
          submission.tags(),
          task.maxAttempts(),
          task.timeout(),
          submission.delay(),
          submission.runAt(),
          submission.expiresAt(),
          task.traceparent(),
          submission.callback());
    }
  }
}
