/**
 * Takes due tasks off the queue and hands them to the executor. Start at {@link
 * dev.trunkline.claim.Dispatcher}.
 */
@NullMarked
package dev.trunkline.claim;

import org.jspecify.annotations.NullMarked;
