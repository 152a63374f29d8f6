package dev.trunkline.submit;

import dev.trunkline.submit.AnnouncedTypes.Announced;
import dev.trunkline.task.TaskType;
import dev.trunkline.task.TraceContext;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A checked submission with the type's defaults filled in: what is written.
 *
 * @param traceparent the submitter's; of one that named none, that of the span it came in
 */
record NewTask(
    Submission submission,
    String queue,
    int priority,
    int maxAttempts,
    Duration timeout,
    @Nullable String traceparent) {

  static NewTask of(Submission submission, TaskType<?, ? extends @Nullable Object> type) {
    return of(
        submission,
        new Announced(
            type.name(), type.queue(), type.priority(), type.maxAttempts(), type.timeout(), true));
  }

  static NewTask of(Submission submission, Announced type) {
    return new NewTask(
        submission,
        submission.queue().orElse(type.queue()),
        submission.priority().orElse(type.priority()),
        submission.maxAttempts().orElse(type.maxAttempts()),
        submission.timeout().orElse(type.timeout()),
        Optional.ofNullable(submission.traceparent()).or(TraceContext::traceparent).orElse(null));
  }

  boolean hasKey() {
    return submission.idempotencyKey().isPresent();
  }
}
