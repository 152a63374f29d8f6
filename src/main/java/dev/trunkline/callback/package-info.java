/**
 * Callbacks: what is delivered to whom, and what it is signed with. The delivery itself is a task
 * like any other, whose handler is {@code handlers.callback}. Start at {@link
 * dev.trunkline.callback.Deliveries}.
 */
@NullMarked
package dev.trunkline.callback;

import org.jspecify.annotations.NullMarked;
