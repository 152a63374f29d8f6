/**
 * HTTP, and nothing else: what comes in is turned into a call of another room, what comes out into
 * JSON, and every refusal into a problem. Start at {@link dev.trunkline.api.TasksResource}.
 */
@NullMarked
package dev.trunkline.api;

import org.jspecify.annotations.NullMarked;
