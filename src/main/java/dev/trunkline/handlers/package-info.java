/**
 * The built-in task types, one package each, to be copied from: a payload record, a handler, and
 * for the three classic examples a resource of their own at the root. What those share is {@link
 * dev.trunkline.handlers.Tickets}.
 */
@NullMarked
package dev.trunkline.handlers;

import org.jspecify.annotations.NullMarked;
