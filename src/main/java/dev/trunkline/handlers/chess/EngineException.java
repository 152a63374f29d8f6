package dev.trunkline.handlers.chess;

import java.io.Serial;

/** A chess engine that could not be started, died, or did not answer; it costs one attempt. */
final class EngineException extends Exception {

  @Serial private static final long serialVersionUID = 1L;

  EngineException(String message) {
    super(message);
  }

  EngineException(String message, Throwable cause) {
    super(message, cause);
  }
}
