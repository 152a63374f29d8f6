package dev.trunkline.inspect;

import dev.trunkline.inspect.Explanation.Reason;
import java.time.Instant;
import java.util.Optional;

/** The reasons in words. */
final class Words {

  private Words() {}

  static String of(Reason reason, Standing task) {
    Standing.Rivals rivals = task.rivals();
    return switch (reason) {
      case SCHEDULED ->
          "Attempt %d is due at %s%s."
              .formatted(task.attempt(), task.runAt(), paused(task, "; its queue is paused"));
      case EXPIRED -> "Its expiresAt has passed while it waited: it fails within seconds.";
      case QUEUE_PAUSED ->
          "Its queue %s is paused since %s.".formatted(task.queue(), said(task.pausedAt()));
      case NO_WORKER_FOR_TYPE ->
          rivals.workers() == 0
              ? "No worker lives."
              : "None of the workers that live can run tasks of type %s; there are %d."
                  .formatted(task.type(), rivals.workers());
      case NO_WORKER_FOR_QUEUE ->
          "None of the workers that can run tasks of type %s takes from the queue %s; there are %d."
              .formatted(task.type(), task.queue(), rivals.ofType());
      case NO_CAPACITY ->
          "It is number %d%s in its queue; those who can run it have %d of %d attempts under way."
              .formatted(
                  rivals.ahead() + 1,
                  rivals.exact() ? "" : " at least",
                  rivals.running(),
                  rivals.capacity());
      case NO_WORKER_ASKING ->
          "It is number %d in its queue; workers over HTTP have room, but none asks for it now."
              .formatted(rivals.ahead() + 1);
      case STARTING -> "A worker has room for it: it starts at any moment.";
      case RUNNING ->
          "Attempt %d runs on %s since %s."
              .formatted(task.attempt(), task.worker().orElse("?"), said(task.startedAt()));
      case CANCELLING ->
          "Attempt %d was told to stop at %s, and has not ended yet."
              .formatted(task.attempt(), said(task.cancelRequestedAt()));
      case WORKER_SILENT ->
          "Its worker %s was last heard of at %s: the task is given to others in a moment."
              .formatted(task.worker().orElse("?"), said(task.silentSince()));
      case SUCCEEDED -> "It succeeded at %s.".formatted(said(task.finishedAt()));
      case FAILED -> "It failed at %s; its error says why.".formatted(said(task.finishedAt()));
      case CANCELLED -> "It was cancelled at %s.".formatted(said(task.finishedAt()));
    };
  }

  private static String paused(Standing task, String words) {
    return task.pausedAt().isPresent() ? words : "";
  }

  private static String said(Optional<Instant> time) {
    return time.map(Instant::toString).orElse("?");
  }
}
