/**
 * The task type {@code echo}, which says a text several times and takes its time over it. Start at
 * {@link dev.trunkline.handlers.echo.EchoHandler}: a slow handler with progress that stops when it
 * is interrupted.
 */
@NullMarked
package dev.trunkline.handlers.echo;

import org.jspecify.annotations.NullMarked;
