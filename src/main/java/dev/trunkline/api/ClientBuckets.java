package dev.trunkline.api;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.util.Optional;

/**
 * What each client may still ask for: a token bucket, which refills evenly. So many clients are
 * remembered and no more, so that somebody who makes up addresses fills no memory. Thread-safe.
 */
final class ClientBuckets {

  static final int CLIENTS_REMEMBERED = 100_000;

  private final int perSecond;
  private final int burst;
  private final TimeMeter clock;
  private final Cache<String, Bucket> buckets;

  ClientBuckets(int perSecond, int burst, TimeMeter clock) {
    this.perSecond = perSecond;
    this.burst = burst;
    this.clock = clock;
    this.buckets =
        Caffeine.newBuilder()
            .maximumSize(CLIENTS_REMEMBERED)
            .expireAfterAccess(untilFull().plusMinutes(1))
            .build();
  }

  /** Takes one; where there is none left, tells how long until there is. */
  Optional<Duration> take(String client) {
    ConsumptionProbe probe = buckets.get(client, _ -> full()).tryConsumeAndReturnRemaining(1);
    return probe.isConsumed()
        ? Optional.empty()
        : Optional.of(Duration.ofNanos(probe.getNanosToWaitForRefill()));
  }

  long clients() {
    buckets.cleanUp();
    return buckets.estimatedSize();
  }

  /** A client that is forgotten starts anew with a full bucket: none may be before its own is. */
  private Duration untilFull() {
    return Duration.ofSeconds(1 + burst / perSecond);
  }

  private Bucket full() {
    return Bucket.builder()
        .addLimit(limit -> limit.capacity(burst).refillGreedy(perSecond, Duration.ofSeconds(1)))
        .withCustomTimePrecision(clock)
        .build();
  }
}
