package dev.trunkline.handlers.callback;

import io.quarkus.runtime.annotations.RegisterForReflection;

/**
 * The result of {@code callback.deliver}.
 *
 * @param status what the receiver answered; 2xx
 */
@RegisterForReflection
public record Delivered(int status) {}
