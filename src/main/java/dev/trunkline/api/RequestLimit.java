package dev.trunkline.api;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.trunkline.config.TrunklineConfig;
import dev.trunkline.task.Refusal;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Duration;

/**
 * How many requests a second one client may send: a token bucket for each, which refills evenly.
 * Only there when it is set; each process counts for itself. It stands behind the authentication,
 * so that clients behind one address are told apart, and those who cannot say who they are take
 * nothing away from those who can.
 */
@ApplicationScoped
class RequestLimit {

  private static final int BEHIND_AUTHORIZATION = 50;
  private static final String HEALTH = "/q/health";
  private static final int CLIENTS_REMEMBERED = 100_000;

  private final EarlyProblems problems;
  private final TimeMeter clock;
  private final int perSecond;
  private final int burst;
  private final Cache<String, Bucket> buckets;

  @Inject
  RequestLimit(TrunklineConfig config, EarlyProblems problems) {
    this(config, problems, TimeMeter.SYSTEM_NANOTIME);
  }

  RequestLimit(TrunklineConfig config, EarlyProblems problems, TimeMeter clock) {
    this.problems = problems;
    this.clock = clock;
    this.perSecond = config.limits().requestsPerSecond().orElse(0);
    this.burst = config.limits().burst().orElse(Math.max(1, perSecond));
    this.buckets = remembered();
  }

  void install(@Observes Filters filters) {
    if (perSecond > 0) {
      filters.register(this::check, BEHIND_AUTHORIZATION);
    }
  }

  void check(RoutingContext context) {
    if (context.normalizedPath().startsWith(HEALTH)) {
      context.next();
      return;
    }
    ConsumptionProbe probe =
        buckets.get(Client.of(context), _ -> full()).tryConsumeAndReturnRemaining(1);
    if (probe.isConsumed()) {
      context.next();
    } else {
      refuse(context, Duration.ofNanos(probe.getNanosToWaitForRefill()));
    }
  }

  private void refuse(RoutingContext context, Duration wait) {
    long seconds = wait.plusSeconds(1).minusNanos(1).toSeconds();
    context.response().putHeader(HttpHeaders.RETRY_AFTER, Long.toString(seconds));
    problems.answer(context, Problems.of(new Refusal.TooManyRequests(perSecond)));
  }

  /** A client that was forgotten starts with a full bucket, so none may be before its is. */
  private Cache<String, Bucket> remembered() {
    Duration untilFull = Duration.ofSeconds(1 + burst / Math.max(1, perSecond));
    return Caffeine.newBuilder()
        .maximumSize(CLIENTS_REMEMBERED)
        .expireAfterAccess(untilFull.plusMinutes(1))
        .build();
  }

  private Bucket full() {
    return Bucket.builder()
        .addLimit(limit -> limit.capacity(burst).refillGreedy(perSecond, Duration.ofSeconds(1)))
        .withCustomTimePrecision(clock)
        .build();
  }
}
