package dev.trunkline.task;

import java.util.Set;
import java.util.UUID;

/**
 * A CDI event: attempts of these tasks have ended in this process, and that is committed. A hint
 * and no more, since most ends that a reader waits for are written elsewhere.
 */
public record AttemptsEnded(Set<UUID> tasks) {}
