/**
 * The end of an attempt, written once and guarded by the token {@code (task id, attempt)}, and what
 * clients do to tasks: cancel, retry, forget. Start at {@link dev.trunkline.finish.Completer}.
 */
@NullMarked
package dev.trunkline.finish;

import org.jspecify.annotations.NullMarked;
