package dev.trunkline.handlers.chess;

import java.time.Duration;

/**
 * How long an engine may take for what should be quick. One that takes longer hangs.
 *
 * @param handshake to load and say that it is ready
 * @param overrun beyond the time that its search was given
 * @param stop to end a search when told to
 */
record EnginePatience(Duration handshake, Duration overrun, Duration stop) {

  /** Generous for a loaded machine, except for the stop: who waits for that wants to go. */
  static final EnginePatience DEFAULT =
      new EnginePatience(Duration.ofSeconds(20), Duration.ofSeconds(5), Duration.ofSeconds(1));
}
