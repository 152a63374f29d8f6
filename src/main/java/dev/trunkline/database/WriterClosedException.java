package dev.trunkline.database;

/** This process ends, and has not written what it was given. */
public final class WriterClosedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  WriterClosedException(Throwable cause) {
    super("this process ends", cause);
  }
}
