package dev.trunkline.claim;

import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Predicate;

/**
 * Where the last claim of each lane ended, so that the next one does not walk again over the index
 * entries of the tasks that are gone. Used by the dispatcher's thread alone.
 *
 * <p>Tasks become due in order, so what is due lies behind the position only if it was committed
 * late, or locked by a claim that left it; the dispatcher looks for those from the very beginning
 * now and then. A look may take several claims: each lane is walked from its beginning until
 * something is claimed in it, and then goes on from there.
 */
public final class ScanPositions {

  /** One queue and priority. */
  public record Lane(String queue, int priority) {}

  /** A key of {@code trunkline.ready} within its lane; the time has PostgreSQL's microseconds. */
  public record Position(OffsetDateTime due, UUID taskId) {}

  private final Map<Lane, Position> positions = new HashMap<>();

  /** Of lanes that have yet to be walked from their beginning, or in which nothing was found. */
  private final Map<Lane, Position> setAside = new HashMap<>();

  Map<Lane, Position> all() {
    return Map.copyOf(positions);
  }

  /** Each lane is to be walked from its beginning, until something is claimed in it. */
  void beginLook() {
    setAside.putAll(positions);
    positions.clear();
  }

  /**
   * The last claim has come to all queues. Lanes in which nothing was claimed start where they did
   * before the look.
   *
   * @param walked the queues of which every lane was walked; the others have yet to be
   */
  void endLook(Predicate<String> walked) {
    List.copyOf(setAside.keySet()).stream()
        .filter(lane -> walked.test(lane.queue()))
        .forEach(this::putBack);
  }

  private void putBack(Lane lane) {
    Position before = setAside.remove(lane);
    if (before != null) {
      positions.putIfAbsent(lane, before);
    }
  }

  /**
   * The next claim starts behind the last of these, lane by lane. Where the queue's limit was not
   * reached there is nothing left before the old position, so that it is not moved back.
   */
  void moveTo(Collection<Claim.Row> claimedInOrder, Predicate<String> limitReached) {
    for (Claim.Row row : claimedInOrder) {
      Position before = setAside.remove(row.lane());
      Position old = before == null ? positions.get(row.lane()) : before;
      boolean forward = old == null || !row.position().due().isBefore(old.due());
      boolean moves = forward || limitReached.test(row.lane().queue());
      positions.put(row.lane(), moves ? row.position() : old);
    }
    if (!setAside.isEmpty()) {
      claimedInOrder.stream().map(Claim.Row::lane).distinct().forEach(this::putBackBefore);
    }
  }

  /** Whoever has come to this lane has walked those of lower numbers to their ends. */
  private void putBackBefore(Lane lane) {
    for (int priority = 0; priority < lane.priority(); priority++) {
      putBack(new Lane(lane.queue(), priority));
    }
  }
}
