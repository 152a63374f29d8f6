package dev.trunkline.claim;

import dev.trunkline.claim.ScanPositions.Lane;
import dev.trunkline.claim.ScanPositions.Position;
import dev.trunkline.task.Task;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A claim for workers outside of the service: what is asked of the database, and its answer. */
public final class RemoteClaim {

  private RemoteClaim() {}

  /**
   * Room for one task.
   *
   * @param worker the name of who gets it
   * @param lease how long it is leased, unless its timeout is shorter
   */
  public record Seat(String worker, Duration lease) {}

  /**
   * What to take, at most one task for each seat.
   *
   * @param types any where empty
   * @param onlyQueues all where empty
   * @param since where to start in lanes that {@code from} does not name
   * @param from where to start in each lane
   * @param seats the first one gets what has waited the longest
   */
  public record Request(
      Optional<List<String>> types,
      Optional<List<String>> onlyQueues,
      Optional<Since> since,
      Map<Lane, Position> from,
      List<Seat> seats) {}

  /**
   * What was due before that moment is known to be gone, as long as the same queues are open: one
   * that was new or paused then may hold more.
   *
   * @param due by the database's clock
   * @param openQueues stands for the queues that were open, and is compared with nothing else
   */
  public record Since(OffsetDateTime due, String openQueues) {}

  /**
   * What is known before a look.
   *
   * @param at the database's time
   * @param openQueues as in {@link Since}
   * @param nextDue until the next task that waits becomes due, of whatever type; empty where none
   *     is
   */
  public record Tidings(OffsetDateTime at, String openQueues, Optional<Duration> nextDue) {}

  /**
   * Bytes of payload after which a claim ends. It takes at least one task, however long that is.
   */
  static final int LONGEST = 8 * 1024 * 1024;

  /**
   * One leased task, with the place where it was found.
   *
   * @param bytes of its payload
   */
  public record Row(Task task, Instant expiresAt, Lane lane, Position position, int bytes) {}

  /**
   * What was found.
   *
   * @param rows in the order of the seats
   */
  public record Answer(Tidings tidings, List<Row> rows) {

    /** Whether there were fewer tasks than asked for because they are so long. */
    public boolean isCut() {
      return rows.stream().mapToLong(Row::bytes).sum() >= LONGEST;
    }
  }

  /** Something is due in this queue, of this type. */
  public record Due(String queue, String type) {}

  /** Everything that is due. */
  public record Look(Tidings tidings, List<Due> due) {}
}
