/**
 * The task type that does nothing, {@code noop}: the smallest handler there is ({@link
 * dev.trunkline.handlers.noop.NoopHandler}), and what the queue itself costs.
 */
@NullMarked
package dev.trunkline.handlers.noop;

import org.jspecify.annotations.NullMarked;
