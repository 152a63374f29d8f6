package dev.trunkline.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/** The problem for a body over the limit, which is refused before any resource is reached. */
@ApplicationScoped
class BodyLimit {

  private static final int CONTENT_TOO_LARGE = 413;

  private final ObjectMapper mapper;

  BodyLimit(ObjectMapper mapper) {
    this.mapper = mapper;
  }

  void install(@Observes Router router) {
    router.errorHandler(CONTENT_TOO_LARGE, this::answer);
  }

  private void answer(RoutingContext context) {
    try {
      Problem problem = Problems.ofStatus(CONTENT_TOO_LARGE).withInstance(context.normalizedPath());
      context
          .response()
          .setStatusCode(CONTENT_TOO_LARGE)
          .putHeader("Content-Type", Problem.MEDIA_TYPE)
          .end(mapper.writeValueAsString(problem));
    } catch (JsonProcessingException e) {
      context.response().setStatusCode(CONTENT_TOO_LARGE).end();
    }
  }
}
