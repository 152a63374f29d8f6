package dev.trunkline.claim;

import dev.trunkline.claim.DirectClaims.Candidate;
import dev.trunkline.execute.ClaimedTask;
import dev.trunkline.execute.WorkerIdentity;
import dev.trunkline.task.AttemptToken;
import dev.trunkline.task.Task;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/** What one statement that stores tasks may claim of them. For one thread. */
public final class DirectClaim {

  private final DirectClaims claims;
  private final WorkerIdentity worker;
  private final UUID lease = UUID.randomUUID();
  private final List<Candidate> reserved;

  DirectClaim(DirectClaims claims, WorkerIdentity worker, List<Candidate> reserved) {
    this.claims = claims;
    this.worker = worker;
    this.reserved = reserved;
  }

  /** Who is to have the lease; where it is dead, there is to be none. */
  public UUID worker() {
    return worker.id();
  }

  /** The id of the lease that is to be made. */
  public UUID lease() {
    return lease;
  }

  /** The places in the list, from 0, of the tasks that there are slots for. */
  public List<Integer> places() {
    return reserved.stream().map(Candidate::place).toList();
  }

  /** The statement is committed; what it claimed is started. */
  public void start(List<Leased> leased) {
    Set<String> vain = reserved.stream().map(Candidate::queue).collect(Collectors.toSet());
    leased.forEach(claimed -> vain.remove(claimed.task().queue));
    try {
      claims.start(leased.stream().map(this::claimed).toList(), worker);
    } finally {
      claims.ended(reserved, vain);
    }
  }

  /**
   * The statement has failed.
   *
   * @param inDoubt whether it may be committed all the same
   */
  public void failed(boolean inDoubt) {
    try {
      if (inDoubt) {
        claims.failed(lease);
      }
    } finally {
      claims.ended(reserved, Set.of());
    }
  }

  private ClaimedTask claimed(Leased leased) {
    Task task = leased.task();
    return new ClaimedTask(
        new AttemptToken(task.id, task.attempt),
        lease,
        task.type,
        task.queue,
        leased.payload(),
        0,
        task.maxAttempts,
        task.timeout,
        task.runAt,
        leased.startedAt(),
        task.traceparent);
  }

  /**
   * A task that was stored and claimed.
   *
   * @param payload as PostgreSQL holds it, and every later attempt gets it
   * @param startedAt when it was claimed, by the database's clock
   */
  public record Leased(Task task, String payload, Instant startedAt) {}
}
