package dev.trunkline.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ClientGoneTest {

  private static final String FRAMEWORK =
      "org.jboss.resteasy.reactive.server.handlers.PublisherResponseHandler";
  private static final Throwable GONE = new IOException(new ClosedChannelException());

  private final ClientGone filter = new ClientGone();

  @Test
  void a_client_that_has_left_is_no_error_of_the_framework() {
    assertThat(filter.isLoggable(message(Level.SEVERE, FRAMEWORK, GONE))).isFalse();
    assertThat(filter.isLoggable(message(Level.SEVERE, FRAMEWORK, new ClosedChannelException())))
        .isFalse();
  }

  @Test
  void all_else_is_told() {
    Throwable other = new IllegalStateException(new IOException("disk full"));
    assertThat(filter.isLoggable(message(Level.SEVERE, FRAMEWORK, other))).isTrue();
    assertThat(filter.isLoggable(message(Level.SEVERE, FRAMEWORK, null))).isTrue();
    assertThat(filter.isLoggable(message(Level.SEVERE, "dev.trunkline.api.LineStore", GONE)))
        .isTrue();
    assertThat(filter.isLoggable(message(Level.SEVERE, null, GONE))).isTrue();
    assertThat(filter.isLoggable(message(Level.FINE, FRAMEWORK, GONE))).isTrue();
  }

  private static LogRecord message(
      Level level, @Nullable String logger, @Nullable Throwable thrown) {
    LogRecord message = new LogRecord(level, "");
    message.setLoggerName(logger);
    message.setThrown(thrown);
    return message;
  }
}
