package dev.trunkline.claim;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import java.util.function.LongSupplier;

/** The leases of claims that brought no answer lately. Thread-safe. */
final class UnansweredClaims {

  /** A claim takes less, so that whoever looks for leases older than this finds it by then. */
  private static final long KEPT = Duration.ofMinutes(1).toNanos();

  /** More do not fail within a minute. */
  private static final int MOST = 100;

  private final LongSupplier nanoTime;
  private final Deque<Unanswered> claims = new ArrayDeque<>();

  UnansweredClaims(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  synchronized void add(UUID lease) {
    claims.addLast(new Unanswered(lease, nanoTime.getAsLong()));
    if (claims.size() > MOST) {
      claims.removeFirst();
    }
  }

  synchronized List<UUID> all() {
    long now = nanoTime.getAsLong();
    claims.removeIf(claim -> now - claim.failedNanos >= KEPT);
    return claims.stream().map(Unanswered::lease).toList();
  }

  private record Unanswered(UUID lease, long failedNanos) {}
}
