/**
 * Runs attempts, each on a virtual thread of its own and outside any transaction. Start at {@link
 * dev.trunkline.execute.TaskExecutor}.
 */
@NullMarked
package dev.trunkline.execute;

import org.jspecify.annotations.NullMarked;
