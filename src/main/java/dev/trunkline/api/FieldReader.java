package dev.trunkline.api;

import dev.trunkline.task.Refusal;
import dev.trunkline.task.Refusal.Fault;
import dev.trunkline.task.TaskType;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Makes sense of the fields of one body, and gathers everything that is wrong with them. */
final class FieldReader {

  private final List<Fault> faults = new ArrayList<>();

  /** Notes a fault unless it holds. */
  void need(boolean holds, String pointer, String detail) {
    if (!holds) {
      faults.add(new Fault(pointer, detail));
    }
  }

  /** Empty, with a fault noted, where the field is missing. */
  <T> Optional<T> required(@Nullable T value, String pointer) {
    need(value != null, pointer, "is missing");
    return Optional.ofNullable(value);
  }

  /** An ISO 8601 duration from {@code least} to {@code most}, where one is given. */
  Optional<Duration> duration(
      @Nullable String text, String pointer, Duration least, Duration most) {
    Optional<Duration> read = parse(text, pointer);
    read.ifPresent(
        duration ->
            need(
                duration.compareTo(least) >= 0 && duration.compareTo(most) <= 0,
                pointer,
                "must be from " + least + " to " + most));
    return read;
  }

  private Optional<Duration> parse(@Nullable String text, String pointer) {
    try {
      return Optional.ofNullable(text).map(Duration::parse);
    } catch (DateTimeException | ArithmeticException e) {
      need(false, pointer, "must be an ISO 8601 duration such as PT30S");
      return Optional.empty();
    }
  }

  /** Names of types or queues, 1 to {@code most} of them. */
  List<String> names(List<@Nullable String> given, String pointer, int most) {
    need(!given.isEmpty() && given.size() <= most, pointer, "must be 1 to " + most + " names");
    List<String> names = new ArrayList<>();
    for (int i = 0; i < given.size(); i++) {
      String name = given.get(i);
      need(
          name != null && TaskType.NAME.matcher(name).matches(),
          pointer + "/" + i,
          "must be 1 to 100 lower-case letters, digits, '.', '_' or '-', and start with a letter or"
              + " a digit");
      names.add(name == null ? "" : name);
    }
    return names;
  }

  /**
   * Passes where nothing was wrong.
   *
   * @throws dev.trunkline.task.RefusedException naming every fault
   */
  void finish() {
    if (!faults.isEmpty()) {
      throw new Refusal.Invalid(List.copyOf(faults)).exception();
    }
  }
}
