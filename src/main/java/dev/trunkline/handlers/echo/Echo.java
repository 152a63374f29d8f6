package dev.trunkline.handlers.echo;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.validation.constraints.AssertTrue;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;

/**
 * The payload of {@code echo}.
 *
 * @param text what to say; at most 10,000 characters
 * @param time how often; 1 to 10,000
 */
@RegisterForReflection
public record Echo(
    @JsonProperty(required = true)
        @JsonPropertyDescription("What to say.")
        @NotNull
        @Size(max = 10_000)
        String text,
    @JsonProperty(required = true)
        @JsonPropertyDescription("How often to say it, 200 ms apart.")
        @Min(1)
        @Max(10_000)
        int time) {

  /** The most characters that all lines together may have; the result is stored as one value. */
  static final int MOST_CHARACTERS = 1_000_000;

  static final String TOO_LONG = "text, said time times, must not exceed 1000000 characters";

  /**
   * False where the lines together would be longer than a result should be. True without a text,
   * which is a fault of its own: constraints are all evaluated, in any order.
   */
  @JsonIgnore
  @AssertTrue(message = TOO_LONG)
  public boolean isShortEnough() {
    return text == null || (long) text.length() * time <= MOST_CHARACTERS;
  }
}
