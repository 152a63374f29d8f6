package dev.trunkline.config;

import io.quarkus.runtime.annotations.RegisterForReflection;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Callbacks: telling clients that their tasks are final. */
@RegisterForReflection
public interface CallbackConfig {
  /**
   * What callbacks are signed with: {@code whsec_} and 24 to 64 random bytes in Base64, the newest
   * first. All of them sign. Where this is not set they are kept in the database, and made by
   * {@code POST /api/v1/callback-secrets}.
   */
  @Matches("whsec_[A-Za-z0-9+/]{32,88}={0,2}")
  Optional<List<String>> secrets();

  /** How long a receiver may take to answer. */
  @WithDefault("15s")
  @Bounds(atLeast = "1s", atMost = "60s")
  Duration timeout();

  /**
   * Deliveries that are under way to one receiver (host and port) at once, per process. Others wait
   * in the queue meanwhile, so that a slow receiver holds up no other.
   */
  @WithName("per-receiver")
  @WithDefault("10")
  @Bounds(atLeast = "1", atMost = "1000")
  int perReceiver();
}
