package dev.trunkline.inspect;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One attempt of a task.
 *
 * @param number from 1, without gaps
 * @param worker the name of the process that ran it
 * @param finished null while it runs
 * @param outcome {@code running}, {@code succeeded}, or why it ended without success
 * @param error JSON text, or null
 */
public record Attempt(
    int number,
    @Nullable String worker,
    @Nullable Instant started,
    @Nullable Instant finished,
    String outcome,
    @Nullable String error) {}
