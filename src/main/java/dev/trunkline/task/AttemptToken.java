package dev.trunkline.task;

import java.util.UUID;

/**
 * The right to end or report on one attempt. It fences: the number only grows, and a write that
 * names an old one changes nothing (M. Kleppmann, "How to do distributed locking", 2016).
 */
public record AttemptToken(UUID taskId, int attempt) {}
