package dev.trunkline.execute;

import dev.trunkline.finish.Completer;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Counts the attempts that are left of each lease, and has a lease deleted after the last one's
 * outcome is committed; not before, for a task that is open and in no lease would be lost. A lease
 * of which an outcome could not be written stays, and is taken by the rescue.
 */
@Singleton
class Leases {

  private final Completer completer;
  private final Map<UUID, Integer> attemptsLeft = new ConcurrentHashMap<>();

  Leases(Completer completer) {
    this.completer = completer;
  }

  void opened(UUID lease) {
    attemptsLeft.merge(lease, 1, Integer::sum);
  }

  void settled(UUID lease) {
    Integer left = attemptsLeft.computeIfPresent(lease, (id, count) -> count - 1);
    if (left != null && left == 0) {
      attemptsLeft.remove(lease);
      completer.discardLease(lease);
    }
  }
}
