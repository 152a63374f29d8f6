package dev.trunkline.config;

import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.Map;

/** The settings of the service with their defaults, but for those that a test names. */
public final class TestConfig {

  private TestConfig() {}

  public static TrunklineConfig with(Map<String, String> settings) {
    return new SmallRyeConfigBuilder()
        .withMapping(TrunklineConfig.class)
        .withConverter(Duration.class, 200, new DurationConverter())
        .withDefaultValues(settings)
        .withValidator(new SettingsCheck())
        .build()
        .getConfigMapping(TrunklineConfig.class);
  }
}
