package dev.trunkline.inspect;

import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/**
 * A worker that lives.
 *
 * @param id of this start of the process; empty for one outside of the service
 * @param place where it stands in the list, to go on behind it
 * @param expiresAt when it is taken for dead unless it is heard of again
 * @param types that it can run; empty where it takes any, or has not said
 * @param queues that it takes tasks from; empty where it takes from all
 * @param capacity attempts that it runs at once: of one queue, or where it is outside of the
 *     service of all together; empty where it has not said
 * @param capacities the queues for which that is another number, as a JSON object
 * @param running attempts that it runs
 * @param tasks the first of them
 */
public record WorkerStatus(
    Kind kind,
    Optional<UUID> id,
    String name,
    String place,
    Instant startedAt,
    Instant heartbeatAt,
    Instant expiresAt,
    Optional<List<String>> types,
    Optional<List<String>> queues,
    Optional<Integer> capacity,
    String capacities,
    int running,
    List<UUID> tasks) {

  /** Where it is. */
  public enum Kind {
    /** A process of the service. */
    PROCESS,
    /** Outside of it, working over HTTP. */
    HTTP;

    @JsonValue
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    static Kind of(String word) {
      return valueOf(word.toUpperCase(Locale.ROOT));
    }
  }
}
