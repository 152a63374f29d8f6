/**
 * The task type {@code callback.deliver}: telling a client that its task is final. Its tasks are
 * made by the service alone. Start at {@link dev.trunkline.handlers.callback.DeliverHandler}.
 */
@NullMarked
package dev.trunkline.handlers.callback;

import org.jspecify.annotations.NullMarked;
