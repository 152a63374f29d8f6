package dev.trunkline.execute;

import dev.trunkline.task.AttemptToken;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A task that this process holds the lease on.
 *
 * @param failuresBefore the attempts that it has used up already
 * @param payload JSON text
 * @param timeout of this attempt
 * @param due when it was due, by the database's clock like the next
 * @param startedAt when it was claimed
 * @param traceparent the trace context of the submitter
 */
public record ClaimedTask(
    AttemptToken token,
    UUID lease,
    String type,
    String queue,
    String payload,
    int failuresBefore,
    int maxAttempts,
    Duration timeout,
    Instant due,
    Instant startedAt,
    @Nullable String traceparent) {}
