/** Tests of the {@code chess.analyze} type. */
@NullMarked
package dev.trunkline.handlers.chess;

import org.jspecify.annotations.NullMarked;
