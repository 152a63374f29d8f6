package dev.trunkline.inspect;

import java.util.UUID;

/**
 * Tells, without reading it, whether a task has changed.
 *
 * @param version another one whenever the task's row, its waiting or its being due has changed; now
 *     and then also where no reader could see a difference
 */
public record Stamp(UUID task, String version, boolean isFinal) {}
