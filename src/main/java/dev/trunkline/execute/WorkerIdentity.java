package dev.trunkline.execute;

import java.util.UUID;

/**
 * Who this process is as a worker. Every start, and every loss of the lease, makes another one.
 *
 * @param name for people; not unique
 */
public record WorkerIdentity(UUID id, String name) {}
