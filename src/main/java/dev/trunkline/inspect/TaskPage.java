package dev.trunkline.inspect;

import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * A part of a list.
 *
 * @param items the newest first; may be fewer than asked for, and none, although there are more
 * @param next where the next part begins: only smaller ids; empty at the end of the list
 */
public record TaskPage<T>(List<T> items, Optional<UUID> next) {}
