package dev.trunkline.claim;

import dev.trunkline.execute.ClaimedTask;
import dev.trunkline.execute.WorkerIdentity;
import dev.trunkline.task.AttemptToken;
import dev.trunkline.task.Task;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.UUID;

/** What one statement that stores tasks may claim of them. For one thread. */
public final class DirectClaim {

  private final DirectClaims claims;
  private final WorkerIdentity worker;
  private final UUID lease = UUID.randomUUID();
  private final SortedMap<Integer, String> queuesByPlace;

  DirectClaim(
      DirectClaims claims, WorkerIdentity worker, SortedMap<Integer, String> queuesByPlace) {
    this.claims = claims;
    this.worker = worker;
    this.queuesByPlace = queuesByPlace;
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
  public Set<Integer> places() {
    return queuesByPlace.keySet();
  }

  /** The statement is committed; what it claimed is started. */
  public void start(List<Leased> leased) {
    Set<String> vain = new HashSet<>(queuesByPlace.values());
    leased.forEach(claimed -> vain.remove(claimed.task().queue));
    try {
      claims.start(leased.stream().map(this::claimed).toList(), worker);
    } finally {
      claims.ended(queuesByPlace.values(), vain);
    }
  }

  /** The statement has failed; perhaps it is committed all the same. */
  public void failed() {
    claims.failed(lease);
    claims.ended(queuesByPlace.values(), Set.of());
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
