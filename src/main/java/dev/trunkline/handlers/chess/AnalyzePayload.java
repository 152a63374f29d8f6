package dev.trunkline.handlers.chess;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What {@code chess.analyze} takes: a position, and how long to think about it. The search ends at
 * whichever limit it meets first; without one it goes {@value #DEFAULT_DEPTH} half-moves deep, or
 * for {@value #DEFAULT_SECONDS} seconds. {@code trunkline.chess.max-time} ends every search.
 *
 * @param fen a legal position, with or without the two counters
 * @param numMovesToReturn how many lines to answer at most, 1 to 50; 1 where it is missing
 * @param timeLimit in seconds, 0.001 to a day; more than {@code trunkline.chess.max-time} fails
 * @param depthLimit in half-moves, 1 to 100
 */
@RegisterForReflection
record AnalyzePayload(
    @JsonPropertyDescription("The position, in Forsyth-Edwards notation; it must be a legal one.")
        @NotNull
        @LegalPosition
        String fen,
    @JsonProperty(value = "num_moves_to_return", defaultValue = "1")
        @JsonPropertyDescription("How many lines to answer at most, best first.")
        @Min(1)
        @Max(50)
        @Nullable Integer numMovesToReturn,
    @JsonProperty("time_limit")
        @JsonPropertyDescription("Seconds of search at most.")
        @DecimalMin("0.001")
        @DecimalMax("86400")
        @Nullable Double timeLimit,
    @JsonProperty("depth_limit")
        @JsonPropertyDescription("Depth of the search at most, in half-moves.")
        @Min(1)
        @Max(100)
        @Nullable Integer depthLimit) {

  private static final int DEFAULT_DEPTH = 20;
  private static final int DEFAULT_SECONDS = 30;

  int moves() {
    return numMovesToReturn == null ? 1 : numMovesToReturn;
  }

  /** Whether the client asks for more time than the service gives to a position. */
  boolean exceeds(Duration longest) {
    return timeLimit != null && time(timeLimit).compareTo(longest) > 0;
  }

  SearchLimits limits(Duration longest) {
    boolean neither = timeLimit == null && depthLimit == null;
    if (neither) {
      return new SearchLimits(DEFAULT_DEPTH, shorter(Duration.ofSeconds(DEFAULT_SECONDS), longest));
    }
    int depth = depthLimit == null ? SearchLimits.ANY_DEPTH : depthLimit;
    return new SearchLimits(depth, timeLimit == null ? longest : shorter(time(timeLimit), longest));
  }

  private static Duration time(double seconds) {
    return Duration.ofMillis(Math.round(seconds * 1_000));
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }
}
