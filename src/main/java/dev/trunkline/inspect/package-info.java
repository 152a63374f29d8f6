/**
 * What readers ask: a task, and the history of its attempts. Start at {@link
 * dev.trunkline.inspect.TaskReader}.
 */
@NullMarked
package dev.trunkline.inspect;

import org.jspecify.annotations.NullMarked;
