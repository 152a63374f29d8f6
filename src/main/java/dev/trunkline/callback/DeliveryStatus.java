package dev.trunkline.callback;

import dev.trunkline.task.TaskState;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A delivery and how it stands.
 *
 * @param id of the task that delivers
 * @param error JSON text: the last attempt's fault, or null
 * @param runAt when its present attempt was due, or its next one is
 */
public record DeliveryStatus(
    UUID id,
    Delivery delivery,
    String url,
    TaskState state,
    int attempt,
    int maxAttempts,
    @Nullable String error,
    Instant createdAt,
    Instant runAt,
    @Nullable Instant finishedAt) {}
