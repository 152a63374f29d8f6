/** Handlers for benchmarks; no part of the service that is shipped. */
@NullMarked
package dev.trunkline.handlers.bench;

import org.jspecify.annotations.NullMarked;
