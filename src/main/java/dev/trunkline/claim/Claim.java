package dev.trunkline.claim;

import dev.trunkline.claim.ScanPositions.Lane;
import dev.trunkline.claim.ScanPositions.Position;
import dev.trunkline.execute.ClaimedTask;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** One claim: what is asked of the database, and its answer. */
final class Claim {

  /**
   * Tasks that one claim takes, of all queues together. There may be thousands of queues, each with
   * free slots of its own; what was claimed has to be started before anybody takes it for stuck,
   * and its payloads have to be held in memory.
   */
  static final int MOST = 8_000;

  /**
   * Bytes in the table of the payloads that one claim takes. In memory they are larger, as they are
   * compressed there, by a factor of two or three usually.
   */
  static final long HEAVIEST = 32 << 20;

  private Claim() {}

  /**
   * What to take.
   *
   * @param lease the id of the lease that is made if anything is found
   * @param types the types that can run here
   * @param onlyQueues the queues to look at; all where empty
   * @param most tasks of all queues together, {@link #MOST} at most
   * @param freeByQueue free slots of the queues that are not at {@code freeElsewhere}
   * @param from where to start in each lane; lanes not named start at the beginning
   */
  record Request(
      UUID worker,
      UUID lease,
      List<String> types,
      Optional<List<String>> onlyQueues,
      int most,
      Map<String, Integer> freeByQueue,
      int freeElsewhere,
      Map<Lane, Position> from) {}

  /** One claimed task, with the place where it was found. */
  record Row(ClaimedTask task, Lane lane, Position position) {}

  /**
   * What was found.
   *
   * @param rows by priority, and in the order in which they were due
   * @param nextDue until the next task that waits becomes due; empty where none waits, or where
   *     more are due already than one claim takes
   * @param tooHeavy whether payloads were so large that tasks were left for them
   * @param cutShort whether there may be more for free slots, for this reason or as there were more
   *     than one claim takes
   */
  record Answer(List<Row> rows, Optional<Duration> nextDue, boolean tooHeavy, boolean cutShort) {}
}
