package dev.trunkline.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.oidc.OIDCException;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.jboss.logging.Logger;

/**
 * The problems for requests that end before a resource is reached, for which the server has a
 * status and no words: a path that cannot be decoded, a fault in a filter. Requests that are no
 * HTTP at all, or whose head is over the limits (414, 431), end before this as well.
 */
@ApplicationScoped
class EarlyProblems {

  private static final Logger LOG = Logger.getLogger(EarlyProblems.class);
  private static final int FIRST = 100_000;
  private static final int BEFORE_QUARKUS = -1_000;

  private final ObjectMapper mapper;

  EarlyProblems(ObjectMapper mapper) {
    this.mapper = mapper;
  }

  /**
   * The same look at the address that Quarkus takes, and answers without a word; it is switched off
   * there, by {@code vertx.disableURIValidation}.
   */
  void install(@Observes Filters filters) {
    filters.register(this::refuseWhatIsNoUri, FIRST);
  }

  void install(@Observes Router router) {
    router.route().order(BEFORE_QUARKUS).failureHandler(this::failed);
    // What fails while a route is looked for reaches no failure handler.
    for (int status : List.of(400, 404, 405, 406, 413, 415, 500)) {
      router.errorHandler(status, context -> answer(context, Problems.ofStatus(status)));
    }
  }

  /** Ends the request with the problem. May be called on an I/O thread. */
  void answer(RoutingContext context, Problem problem) {
    HttpServerResponse response = context.response();
    if (response.ended()) {
      return;
    }
    if (response.headWritten()) {
      // Half an answer, with no way to take it back: let the client see that it is none.
      response.reset();
      return;
    }
    if (problem.status() == 413) {
      BodyLimit.closeAfterwards(context);
    }
    if (!response.headers().contains(HttpHeaders.RETRY_AFTER)) {
      RetryAfter.seconds(problem)
          .ifPresent(seconds -> response.putHeader(HttpHeaders.RETRY_AFTER, seconds.toString()));
    }
    if (!context.request().isEnded()) {
      // A body that nobody reads would keep the connection from the next request.
      context.request().resume();
    }
    response
        .setStatusCode(problem.status())
        .putHeader(HttpHeaders.CONTENT_TYPE, Problem.MEDIA_TYPE)
        .end(json(problem.withInstance(Instance.of(context.request()))));
  }

  private void refuseWhatIsNoUri(RoutingContext context) {
    try {
      new URI(context.request().uri());
      context.next();
    } catch (URISyntaxException e) {
      answer(context, Problems.ofStatus(400));
    }
  }

  private void failed(RoutingContext context) {
    switch (context.failure()) {
      case SecurityException _ -> context.next();
      // The provider does not answer, and the extension has logged why.
      case OIDCException _ -> answer(context, Problems.noProvider());
      case RejectedExecutionException _ -> answer(context, Problems.ofStatus(503));
      case IOException gone -> LOG.debugf(gone, "%s was not answered", context.request().path());
      case null, default -> answer(context, of(context));
    }
  }

  private static Problem of(RoutingContext context) {
    int status = context.statusCode() < 400 ? 500 : context.statusCode();
    if (status >= 500) {
      LOG.errorf(context.failure(), "%s failed", context.request().path());
    }
    return Problems.ofStatus(status);
  }

  private String json(Problem problem) {
    try {
      return mapper.writeValueAsString(problem);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a problem is always JSON", e);
    }
  }
}
