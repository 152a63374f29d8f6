package dev.trunkline.handlers.example;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;

/** What {@code example.count-lines} takes. */
@RegisterForReflection
public record CountLines(
    @JsonPropertyDescription("The name of a file in the inbox.")
        @NotNull
        @Pattern(regexp = "^[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}$")
        String file,
    @JsonPropertyDescription("Count only the lines that contain this.") @Size(min = 1, max = 100)
        @Nullable String containing) {

  boolean counts(String line) {
    return containing == null || line.contains(containing);
  }
}
