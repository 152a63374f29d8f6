package dev.trunkline.submit;

import dev.trunkline.claim.DirectClaim;
import dev.trunkline.claim.DirectClaims;
import dev.trunkline.task.HandlerRegistry;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;

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

  /** In a transaction of its own, which has ended before any handler runs. In the list's order. */
  List<Written> write(List<NewTask> tasks) {
    return claims
        .begin(tasks.stream().map(this::startingQueue).toList())
        .map(claim -> writeAndStart(tasks, claim))
        .orElseGet(() -> writer.writeApart(tasks).stream().map(Written::waiting).toList());
  }

  private List<Written> writeAndStart(List<NewTask> tasks, DirectClaim claim) {
    List<Written> stored;
    try {
      stored = writer.writeAndClaim(tasks, claim);
    } catch (Throwable thrown) {
      claim.failed();
      throw thrown;
    }
    claim.start(stored.stream().map(Written::leased).flatMap(Optional::stream).toList());
    return stored;
  }

  /** Where it may start at once, and here. */
  private Optional<String> startingQueue(NewTask task) {
    Submission submission = task.submission();
    boolean now = submission.delay().isEmpty() && submission.runAt().isEmpty();
    return now && handlers.find(submission.type()).isPresent()
        ? Optional.of(task.queue())
        : Optional.empty();
  }
}
