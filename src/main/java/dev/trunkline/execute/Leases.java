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
  private final Map<UUID, Left> byLease = new ConcurrentHashMap<>();

  Leases(Completer completer) {
    this.completer = completer;
  }

  void opened(UUID lease) {
    byLease.compute(lease, (_, before) -> before == null ? Left.ONE : before.oneMore());
  }

  /** Has a lease stay whatever its attempts come to. */
  void forget(UUID lease) {
    byLease.remove(lease);
  }

  /**
   * One attempt is none of this process' any more.
   *
   * @param settled whether its outcome is committed
   */
  void left(UUID lease, boolean settled) {
    Left now = byLease.computeIfPresent(lease, (_, before) -> before.oneLess(settled));
    if (now != null && now.attempts == 0) {
      byLease.remove(lease);
      if (now.allSettled) {
        completer.discardLease(lease);
      }
    }
  }

  /** True while no attempt of any lease is left. */
  boolean isEmpty() {
    return byLease.isEmpty();
  }

  /**
   * @param attempts that are left
   * @param allSettled whether the outcomes of all others are committed
   */
  private record Left(int attempts, boolean allSettled) {

    static final Left ONE = new Left(1, true);

    Left oneMore() {
      return new Left(attempts + 1, allSettled);
    }

    Left oneLess(boolean settled) {
      return new Left(attempts - 1, allSettled && settled);
    }
  }
}
