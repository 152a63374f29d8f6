package dev.trunkline.api;

import dev.trunkline.task.TaskFilter;
import dev.trunkline.task.TaskState;
import dev.trunkline.task.TaskType;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The filters of the list of tasks, as query parameters. */
final class FilterParameters {

  static final List<String> NAMES =
      List.of("state", "type", "queue", "tag", "createdAfter", "createdBefore", "limit", "cursor");

  private static final Predicate<String> NAME = TaskType.NAME.asMatchPredicate();
  private static final String NAME_LOOKS = " (lower-case letters, digits, '.', '_' and '-')";
  private static final int LONGEST_TAG = 100;

  private FilterParameters() {}

  /** The filter; faults are left with the parameters. */
  static TaskFilter read(Parameters parameters) {
    return new TaskFilter(
        parameters.read("state", FilterParameters::state, "one of " + states()),
        parameters.text("type", NAME, "the name of a task type" + NAME_LOOKS),
        parameters.text("queue", NAME, "the name of a queue" + NAME_LOOKS),
        parameters.text("tag", FilterParameters::isTag, "a tag of 1 to 100 characters"),
        parameters.time("createdAfter"),
        parameters.time("createdBefore"));
  }

  /** Where the list goes on; only with the filters that it began with. */
  static Optional<UUID> cursor(Parameters parameters, TaskFilter filter) {
    return parameters.read(
        "cursor",
        text -> Cursor.read(filter, text),
        "the next of a page before this one, under the same filters,");
  }

  private static boolean isTag(String value) {
    return value.length() <= LONGEST_TAG
        && value.codePoints().noneMatch(c -> c == 0 || (c >= 0xD800 && c <= 0xDFFF));
  }

  private static Optional<TaskState> state(String word) {
    return Arrays.stream(TaskState.values()).filter(it -> it.word().equals(word)).findFirst();
  }

  private static String states() {
    return Arrays.stream(TaskState.values()).map(TaskState::word).collect(Collectors.joining(", "));
  }
}
