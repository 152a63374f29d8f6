package dev.trunkline.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;

/** Answers with a problem before a resource is reached, where {@link ProblemMappers} is not. */
@Singleton
class EarlyProblems {

  private final ObjectMapper mapper;

  EarlyProblems(ObjectMapper mapper) {
    this.mapper = mapper;
  }

  void answer(RoutingContext context, Problem problem) {
    // A body that nobody reads would keep the connection from the next request.
    if (!context.request().isEnded()) {
      context.request().resume();
    }
    context
        .response()
        .setStatusCode(problem.status())
        .putHeader(HttpHeaders.CONTENT_TYPE, Problem.MEDIA_TYPE)
        .end(json(problem.withInstance(context.normalizedPath())));
  }

  private String json(Problem problem) {
    try {
      return mapper.writeValueAsString(problem);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a problem is always JSON", e);
    }
  }
}
