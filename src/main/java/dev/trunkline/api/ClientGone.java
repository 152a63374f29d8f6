package dev.trunkline.api;

import io.quarkus.logging.LoggingFilter;
import java.nio.channels.ClosedChannelException;
import java.util.Objects;
import java.util.logging.Filter;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.stream.Stream;

/**
 * Tells a client that has left in the middle from a fault of the service. It is nothing to wake an
 * operator for, so the framework's errors about it are kept out of the log.
 */
@LoggingFilter(name = "client-gone")
public final class ClientGone implements Filter {

  private static final String FRAMEWORK = "org.jboss.resteasy.reactive.";

  @Override
  public boolean isLoggable(LogRecord message) {
    return message.getLevel().intValue() < Level.SEVERE.intValue()
        || !String.valueOf(message.getLoggerName()).startsWith(FRAMEWORK)
        || !isBehind(message.getThrown());
  }

  /** Whether something failed because the connection to the client was closed. */
  static boolean isBehind(Throwable thrown) {
    return Stream.iterate(thrown, Objects::nonNull, Throwable::getCause)
        .anyMatch(ClosedChannelException.class::isInstance);
  }
}
