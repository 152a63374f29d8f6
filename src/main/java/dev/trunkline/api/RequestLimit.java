package dev.trunkline.api;

import dev.trunkline.config.LimitsConfig;
import dev.trunkline.config.TrunklineConfig;
import dev.trunkline.task.Refusal;
import io.github.bucket4j.TimeMeter;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.Optional;

/**
 * How many requests a second one client may send. Only there when it is set. It stands behind the
 * authentication, so that clients behind one address are told apart, and those who cannot say who
 * they are take nothing away from those who can.
 */
@ApplicationScoped
class RequestLimit {

  private static final int BEHIND_AUTHORIZATION = 50;
  private static final String HEALTH = "/q/health";

  private final LimitsConfig limits;
  private final EarlyProblems problems;

  RequestLimit(TrunklineConfig config, EarlyProblems problems) {
    this.limits = config.limits();
    this.problems = problems;
  }

  void install(@Observes Filters filters) {
    limits.requestsPerSecond().ifPresent(perSecond -> install(filters, perSecond));
  }

  private void install(Filters filters, int perSecond) {
    ClientBuckets buckets =
        new ClientBuckets(perSecond, limits.burst().orElse(perSecond), TimeMeter.SYSTEM_NANOTIME);
    filters.register(context -> check(context, buckets, perSecond), BEHIND_AUTHORIZATION);
  }

  private void check(RoutingContext context, ClientBuckets buckets, int perSecond) {
    Optional<Duration> wait =
        context.normalizedPath().startsWith(HEALTH)
            ? Optional.empty()
            : buckets.take(Client.of(context));
    if (wait.isEmpty()) {
      context.next();
    } else {
      context.response().putHeader(HttpHeaders.RETRY_AFTER, wholeSeconds(wait.get()));
      problems.answer(context, Problems.of(new Refusal.TooManyRequests(perSecond)));
    }
  }

  /** Rounded up, since whoever comes a moment too early is refused again. */
  private static String wholeSeconds(Duration wait) {
    return Long.toString(wait.plusSeconds(1).minusNanos(1).toSeconds());
  }
}
