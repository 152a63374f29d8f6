package dev.trunkline.remote;

import dev.trunkline.task.Task;
import java.time.Instant;

/**
 * A task that a worker outside of the service runs now.
 *
 * @param token the right to say what becomes of it
 * @param expiresAt when that right ends, by the database's clock, unless a heartbeat comes before
 */
public record LeasedTask(String token, Task task, Instant expiresAt) {}
