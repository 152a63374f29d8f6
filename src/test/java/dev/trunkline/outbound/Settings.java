package dev.trunkline.outbound;

import dev.trunkline.config.TrunklineConfig;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Settings of outgoing requests, as a test wants them. */
record Settings(Optional<List<String>> allow, Duration timeout, int maxBodyBytes, int maxRedirects)
    implements TrunklineConfig.Outbound {

  static Settings allowing(String... entries) {
    return new Settings(Optional.of(List.of(entries)), Duration.ofSeconds(5), 100_000, 5);
  }

  Settings within(Duration limit) {
    return new Settings(allow, limit, maxBodyBytes, maxRedirects);
  }
}
