package dev.trunkline.finish;

import dev.trunkline.task.AttemptToken;
import java.time.Instant;

/**
 * The attempt that ends: its fencing token, and what is remembered of it.
 *
 * @param token nothing is written unless its attempt is the current one
 * @param worker the name of the process that ran it
 * @param startedAt by the database's clock
 */
public record Ran(AttemptToken token, String worker, Instant startedAt) {}
