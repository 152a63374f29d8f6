package dev.trunkline.remote;

import java.time.Instant;

/**
 * A lease that goes on.
 *
 * @param expiresAt until when, by the database's clock
 * @param cancelRequested whether a client wants the task to be cancelled
 */
public record Extended(Instant expiresAt, boolean cancelRequested) {}
