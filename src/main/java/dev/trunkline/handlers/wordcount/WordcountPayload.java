package dev.trunkline.handlers.wordcount;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.trunkline.outbound.OutboundUrl;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;

/**
 * The payload of {@code web.wordcount}. The door checks the URL's shape; whether its host may be
 * reached is known after DNS, at run time.
 *
 * @param url absolute, {@code http} or {@code https}
 * @param word the one word to count, or null for the most frequent ones
 * @param top how many words to answer, 1 to 1,000; null for 20
 */
@RegisterForReflection
public record WordcountPayload(
    @JsonProperty(required = true)
        @JsonPropertyDescription("The page to read: an absolute http or https URL.")
        @NotNull
        @Size(max = OutboundUrl.LONGEST)
        @Pattern(regexp = OutboundUrl.PATTERN, message = OutboundUrl.EXPECTED)
        String url,
    @JsonPropertyDescription("The one word to count; upper or lower case does not matter.")
        @Size(min = 1, max = 200)
        @Nullable String word,
    @JsonProperty(defaultValue = "20")
        @JsonPropertyDescription("How many of the most frequent words to answer.")
        @Min(1)
        @Max(1_000)
        @Nullable Integer top) {

  private static final int TOP = 20;

  int topOrDefault() {
    return top == null ? TOP : top;
  }
}
