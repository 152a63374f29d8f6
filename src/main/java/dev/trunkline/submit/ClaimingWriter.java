package dev.trunkline.submit;

import dev.trunkline.claim.DirectClaim;
import dev.trunkline.claim.DirectClaims;
import dev.trunkline.claim.DirectClaims.Candidate;
import dev.trunkline.database.SqlFault;
import dev.trunkline.task.HandlerRegistry;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Stores tasks, and has those run at once that this process has slots for. */
@Singleton
class ClaimingWriter {

  private final TaskWriter writer;
  private final DirectClaims claims;
  private final HandlerRegistry handlers;

  ClaimingWriter(TaskWriter writer, DirectClaims claims, HandlerRegistry handlers) {
    this.writer = writer;
    this.claims = claims;
    this.handlers = handlers;
  }

  /**
   * In a transaction of its own, which has ended before any handler runs. In the list's order.
   *
   * @param tasks without idempotency keys: one that somebody holds would be waited for with slots
   *     that others need
   */
  List<Written> write(List<NewTask> tasks) {
    List<Written> written =
        claims
            .begin(candidates(tasks))
            .map(claim -> writeAndStart(tasks, claim))
            .orElseGet(() -> writer.writeApart(tasks).stream().map(Written::waiting).toList());
    if (written.stream().anyMatch(one -> one.leased().isEmpty())) {
      // What is written next is not to overtake it.
      claims.close();
    }
    return written;
  }

  private List<Written> writeAndStart(List<NewTask> tasks, DirectClaim claim) {
    List<Written> stored;
    try {
      stored = writer.writeAndClaim(tasks, claim);
    } catch (Throwable thrown) {
      claim.failed(SqlFault.leavesDoubt(thrown));
      throw thrown;
    }
    claim.start(stored.stream().map(Written::leased).flatMap(Optional::stream).toList());
    return stored;
  }

  private List<Candidate> candidates(List<NewTask> tasks) {
    return IntStream.range(0, tasks.size())
        .filter(place -> mayStart(tasks.get(place).submission()))
        .mapToObj(
            place -> new Candidate(place, tasks.get(place).queue(), tasks.get(place).priority()))
        .toList();
  }

  /** At once, and here. */
  private boolean mayStart(Submission submission) {
    return submission.delay().isEmpty()
        && submission.runAt().isEmpty()
        && handlers.runs(submission.type());
  }
}
