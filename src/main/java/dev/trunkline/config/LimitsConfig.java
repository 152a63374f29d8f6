package dev.trunkline.config;

import io.quarkus.runtime.annotations.RegisterForReflection;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;
import java.util.Optional;

/** How much one client, and all together, may ask of this process. */
@RegisterForReflection
public interface LimitsConfig {
  /**
   * Requests a second that one client may send, where a client is whoever proved to be somebody,
   * else an address. Each process counts for itself. Without limit where this is not set.
   */
  @WithName("requests-per-second")
  @Bounds(atLeast = "1", atMost = "1000000")
  Optional<Integer> requestsPerSecond();

  /**
   * Requests that one client may send at once, after it has been quiet for a while. As many as in a
   * second where this is not set.
   */
  @Bounds(atLeast = "1", atMost = "1000000")
  Optional<Integer> burst();

  /** Requests that may wait at once, in long polls and event streams, of all clients together. */
  @WithDefault("10000")
  @Bounds(atLeast = "1", atMost = "1000000")
  int waits();

  /** Requests of one client that may wait at once. */
  @WithName("waits-per-client")
  @WithDefault("5000")
  @Bounds(atLeast = "1", atMost = "1000000")
  int waitsPerClient();
}
