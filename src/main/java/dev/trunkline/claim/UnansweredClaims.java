package dev.trunkline.claim;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import java.util.function.LongSupplier;

/** The leases of claims that brought no answer lately. Thread-safe. */
final class UnansweredClaims {

  /**
   * Whoever looks for leases older than a minute finds what it has made by then: its statement may
   * go on for 15 s after nobody waits for it any more.
   */
  private static final long KEPT = Duration.ofSeconds(75).toNanos();

  /** While the database is away more may fail; then the age of the first ones tells. */
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
