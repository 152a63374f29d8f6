package dev.trunkline.api;

import dev.trunkline.task.Refusal;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.quarkus.vertx.http.runtime.VertxHttpRecorder;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.ws.rs.ext.Provider;
import jakarta.ws.rs.ext.ReaderInterceptor;
import jakarta.ws.rs.ext.ReaderInterceptorContext;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.regex.Pattern;
import org.apache.commons.io.input.BoundedInputStream;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * The problem for a body over the limit. Quarkus refuses such a one without a word: before any
 * resource is reached where its length is announced, and in the middle of the reading where it
 * comes in chunks. So this looks first at the one, and counts the other itself.
 *
 * <p>Batches are let through: an array has a limit of its own ({@link BatchReader}), and of a
 * stream of lines each ({@link LineReader}).
 */
@Provider
class BodyLimit implements ReaderInterceptor {

  private static final int BEFORE_QUARKUS = 1_000;

  /** Quarkus' own limit stands at 2; filters go from the highest priority to the lowest. */
  private static final int AFTER_QUARKUS = 1;

  /** Matrix parameters (RFC 3986, 3.3), which no route looks at. */
  private static final Pattern SEGMENT_PARAMETERS = Pattern.compile(";[^/]*");

  /** For the rest of a body that was refused; whoever needs longer may meet a reset connection. */
  private static final Duration LINGER = Duration.ofSeconds(5);

  private static final String HIDDEN = BodyLimit.class.getName() + ".length";

  private final EarlyProblems problems;
  private final CurrentVertxRequest request;
  private final long limit;

  BodyLimit(
      EarlyProblems problems,
      CurrentVertxRequest request,
      @ConfigProperty(name = "quarkus.http.limits.max-body-size") MemorySize limit) {
    this.problems = problems;
    this.request = request;
    this.limit = limit.asLongValue();
  }

  void install(@Observes Filters filters) {
    filters.register(this::check, BEFORE_QUARKUS);
    filters.register(BodyLimit::leaveTheChunksToUs, AFTER_QUARKUS);
  }

  /**
   * The rest of the body is not read, so the connection is of no use to the next request. With
   * HTTP/2 it is; there the rest is thrown away, which whoever began to read would keep.
   */
  static void closeAfterwards(RoutingContext context) {
    if (context.request().version() == HttpVersion.HTTP_2) {
      context.request().handler(_ -> {});
    } else {
      context.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
      context.addEndHandler(
          _ -> context.vertx().runOnContext(_ -> linger(context.request(), context.vertx())));
    }
  }

  /**
   * Throws the rest of the body away before the connection is closed. One closed with bytes unread
   * is reset, and a client that is still sending would lose the answer with it.
   */
  private static void linger(HttpServerRequest request, Vertx vertx) {
    HttpConnection connection = request.connection();
    if (request.isEnded()) {
      connection.close();
      return;
    }
    long timer = vertx.setTimer(LINGER.toMillis(), _ -> connection.close());
    request
        .exceptionHandler(_ -> vertx.cancelTimer(timer))
        .endHandler(
            _ -> {
              vertx.cancelTimer(timer);
              connection.close();
            })
        .handler(_ -> {})
        .resume();
  }

  private void check(RoutingContext context) {
    if (isBatch(context)) {
      hideLength(context);
      context.next();
    } else if (announced(context) > limit) {
      problems.answer(context, Problems.of(new Refusal.TooLarge(limit)));
    } else {
      context.next();
    }
  }

  /** From Quarkus, which would compare it with the limit of all other bodies. */
  private static void hideLength(RoutingContext context) {
    MultiMap headers = context.request().headers();
    context.put(HIDDEN, headers.get(HttpHeaders.CONTENT_LENGTH));
    headers.remove(HttpHeaders.CONTENT_LENGTH);
  }

  private static void leaveTheChunksToUs(RoutingContext context) {
    String length = context.remove(HIDDEN);
    if (length != null) {
      context.request().headers().set(HttpHeaders.CONTENT_LENGTH, length);
    }
    context.remove(VertxHttpRecorder.MAX_REQUEST_SIZE_KEY);
    context.next();
  }

  @Override
  public Object aroundReadFrom(ReaderInterceptorContext context) throws IOException {
    if (!isBatch(request.getCurrent())) {
      context.setInputStream(counted(context.getInputStream()));
    }
    return context.proceed();
  }

  /** However its path is written: with a slash at the end, or with parameters of a segment. */
  private static boolean isBatch(RoutingContext context) {
    return context.request().method().equals(HttpMethod.POST)
        && AllowedMethods.plain(SEGMENT_PARAMETERS.matcher(context.normalizedPath()).replaceAll(""))
            .equals(BatchResource.PATH);
  }

  /**
   * The same body, whose reading fails with a {@link dev.trunkline.task.RefusedException} beyond
   * the limit.
   */
  InputStream counted(InputStream body) throws IOException {
    return BoundedInputStream.builder()
        .setInputStream(body)
        .setMaxCount(limit + 1)
        // It would read all the rest before anybody hears of the refusal.
        .setPropagateClose(false)
        .setOnMaxCount((_, _) -> refuse())
        .get();
  }

  private void refuse() {
    throw new Refusal.TooLarge(limit).exception();
  }

  private static long announced(RoutingContext context) {
    String length = context.request().getHeader(HttpHeaders.CONTENT_LENGTH);
    try {
      return length == null ? 0 : Long.parseLong(length);
    } catch (NumberFormatException e) {
      return 0;
    }
  }
}
