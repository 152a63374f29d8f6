package dev.trunkline.handlers.callback;

import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.validation.constraints.NotNull;
import java.util.UUID;

/**
 * The payload of {@code callback.deliver}, as V7 writes it.
 *
 * @param taskId the task that is told of; for people, since what counts is the delivery's own row
 */
@RegisterForReflection
public record DeliverPayload(@NotNull UUID taskId, @NotNull String url) {}
