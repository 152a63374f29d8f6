package dev.trunkline.it.handlers;

import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;

/**
 * What the suite's handlers are asked for.
 *
 * @param key the submission's name in the history
 * @param ms how long to work, in milliseconds
 * @param failures how many attempts are to fail before one succeeds
 */
public record Work(@NotNull String key, @Min(0) long ms, @Min(0) int failures) {}
