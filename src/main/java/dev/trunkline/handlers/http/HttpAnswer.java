package dev.trunkline.handlers.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.validation.constraints.NotNull;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The result of {@code http.request}.
 *
 * @param headers by name in lower case; several of one name are joined by a comma and a blank, but
 *     {@code set-cookie}, whose values have commas, by a line break
 * @param body JSON as the value that it is, text as a string, anything else in Base64; null where
 *     the answer has none
 * @param bodyEncoding {@code base64} where the body is, else left out
 */
@RegisterForReflection
public record HttpAnswer(
    int status,
    @JsonPropertyDescription("By name in lower case; several of one name are joined by \", \".")
        @NotNull
        Map<String, String> headers,
    @JsonPropertyDescription(
            "JSON as the value that it is, text as a string, anything else as a string in Base64.")
        @Nullable JsonNode body,
    @JsonPropertyDescription("base64 where the body is in Base64, else left out.")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable String bodyEncoding) {}
