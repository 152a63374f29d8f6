package dev.trunkline.config;

import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/** Callbacks: telling clients that their tasks are final. */
public interface CallbackConfig {
  /**
   * What callbacks are signed with: {@code whsec_} and 24 to 64 random bytes in Base64, the newest
   * first. All of them sign. Where this is not set they are kept in the database, and made by
   * {@code POST /api/v1/callback-secrets}.
   */
  Optional<List<@Pattern(regexp = "whsec_[A-Za-z0-9+/]{32,88}={0,2}") String>> secrets();

  /** How long a receiver may take to answer. */
  @WithDefault("15s")
  @DurationMin(seconds = 1)
  @DurationMax(seconds = 60)
  Duration timeout();

  /**
   * Deliveries that are under way to one receiver (host and port) at once, per process. Others wait
   * in the queue meanwhile, so that a slow receiver holds up no other.
   */
  @WithName("per-receiver")
  @WithDefault("10")
  @Min(1)
  @Max(1_000)
  int perReceiver();
}
