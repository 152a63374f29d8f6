/**
 * The {@code chess.analyze} type: a chess engine says how a position stands. The rules that a
 * position must keep are here ({@link dev.trunkline.handlers.chess.PositionRules}), so that a bad
 * one is refused before it is stored; playing strength is the engine's, a process that speaks UCI.
 * Start at {@link dev.trunkline.handlers.chess.ChessAnalyzeHandler}.
 */
@NullMarked
package dev.trunkline.handlers.chess;

import org.jspecify.annotations.NullMarked;
