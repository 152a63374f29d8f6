package dev.trunkline.api;

import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * The problem for a body over the limit. Quarkus refuses one that announces its length before any
 * resource is reached, and without a word; so this looks first.
 */
@ApplicationScoped
class BodyLimit {

  private static final int CONTENT_TOO_LARGE = 413;
  private static final int BEFORE_QUARKUS = 1_000;

  private final EarlyProblems problems;
  private final long limit;

  BodyLimit(
      EarlyProblems problems,
      @ConfigProperty(name = "quarkus.http.limits.max-body-size") MemorySize limit) {
    this.problems = problems;
    this.limit = limit.asLongValue();
  }

  void install(@Observes Filters filters) {
    filters.register(this::check, BEFORE_QUARKUS);
  }

  /** For bodies in chunks, whose length shows only as they come. */
  void install(@Observes Router router) {
    router.errorHandler(CONTENT_TOO_LARGE, this::refuse);
  }

  private void check(RoutingContext context) {
    if (announced(context) > limit) {
      context.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
      refuse(context);
    } else {
      context.next();
    }
  }

  private static long announced(RoutingContext context) {
    String length = context.request().getHeader(HttpHeaders.CONTENT_LENGTH);
    try {
      return length == null ? 0 : Long.parseLong(length);
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  private void refuse(RoutingContext context) {
    problems.answer(context, Problems.ofStatus(CONTENT_TOO_LARGE));
  }
}
