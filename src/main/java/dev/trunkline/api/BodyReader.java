package dev.trunkline.api;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.resteasy.reactive.server.core.CurrentRequestManager;
import org.jboss.resteasy.reactive.server.core.ResteasyReactiveRequestContext;

/**
 * Reads bodies for resources that run on I/O threads and have no parameter for them. For a
 * parameter Quarkus reads itself: up to 10 KiB in as many pieces as the client likes, however long
 * it is silent, and all that is over it on worker threads, which a few hundred slow clients would
 * hold.
 */
@Singleton
class BodyReader {

  /** Bytes that keep nobody else's request waiting while they are looked at. */
  private static final int LIGHT = 16 * 1024;

  private final BodyLimit limit;
  private final Duration patience;

  BodyReader(
      BodyLimit limit,
      @ConfigProperty(name = "quarkus.http.read-timeout", defaultValue = "60s") Duration patience) {
    this.limit = limit;
    this.patience = patience;
  }

  /** The body of the request that this thread has at hand. */
  Unread unread() {
    return new Unread(CurrentRequestManager.get());
  }

  /** Whatever goes wrong with a connection, nobody is left to answer. */
  private static IOException gone(Throwable thrown) {
    IOException gone = new ClosedChannelException();
    gone.initCause(thrown);
    return gone;
  }

  /** One body; it is read once. */
  final class Unread {

    private final ResteasyReactiveRequestContext request;
    private final RoutingContext context;

    private Unread(ResteasyReactiveRequestContext request) {
      this.request = request;
      this.context = request.unwrap(RoutingContext.class);
    }

    /** Whether it announces itself as short. */
    boolean isLight() {
      String length = context.request().getHeader(HttpHeaders.CONTENT_LENGTH);
      try {
        return length != null && Long.parseLong(length) <= LIGHT;
      } catch (NumberFormatException e) {
        return false;
      }
    }

    /**
     * All of a light one, read as it comes; only on the request's I/O thread, where the answer
     * comes too. Whoever takes longer than {@code quarkus.http.read-timeout} loses the connection,
     * or with HTTP/2 the stream.
     *
     * @return with an {@link IOException} where the client has gone
     */
    CompletionStage<byte[]> gathered() {
      if (context.request().isEnded()) {
        // Something is left to read of every request but one that was reset.
        return CompletableFuture.failedFuture(new ClosedChannelException());
      }
      Future<Buffer> body = context.request().body();
      long timer = context.vertx().setTimer(patience.toMillis(), _ -> context.response().reset());
      request.serverRequest().resumeRequestInput();
      return body.onComplete(_ -> context.vertx().cancelTimer(timer))
          .map(Buffer::getBytes)
          .recover(thrown -> Future.failedFuture(gone(thrown)))
          .toCompletionStage();
    }

    /**
     * All of any; blocks, so not on an I/O thread. Whoever is silent for longer than {@code
     * quarkus.http.read-timeout} loses the connection.
     *
     * @throws dev.trunkline.task.RefusedException where it is over the limit
     * @throws UncheckedIOException where the client has gone
     */
    byte[] read() {
      try {
        return limit.counted(request.getInputStream()).readAllBytes();
      } catch (IOException e) {
        throw new UncheckedIOException(gone(e));
      }
    }
  }
}
