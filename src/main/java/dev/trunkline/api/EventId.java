package dev.trunkline.api;

import dev.trunkline.inspect.TaskSnapshot;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the {@code id} of an event tells when a client comes back with it: what it has seen of its
 * task, and whether more than the progress is another since.
 */
record EventId(String standing, String digest) {

  private static final Pattern FORM =
      Pattern.compile("(?<standing>[A-Za-z0-9_-]+)\\.(?<digest>[A-Za-z0-9_-]+)");

  static EventId of(TaskSnapshot snapshot) {
    return new EventId(snapshot.standing(), snapshot.digest());
  }

  /** Empty where the client has seen nothing, or nothing of this service's. */
  static Optional<EventId> parse(@Nullable String lastEventId) {
    Matcher form = FORM.matcher(lastEventId == null ? "" : lastEventId);
    return form.matches()
        ? Optional.of(new EventId(form.group("standing"), form.group("digest")))
        : Optional.empty();
  }

  /** Whether what is between them is progress at most. */
  boolean isSameStanding(EventId other) {
    return standing.equals(other.standing);
  }

  @Override
  public String toString() {
    return standing + "." + digest;
  }
}
