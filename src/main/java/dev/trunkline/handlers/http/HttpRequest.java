package dev.trunkline.handlers.http;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.databind.JsonNode;
import dev.trunkline.outbound.OutboundUrl;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The payload of {@code http.request}. The door checks that it can be sent; whether its host may be
 * reached is known after DNS, at run time. It is stored as it is given, so secrets in it are seen
 * by whoever may read the task.
 *
 * @param method in capital letters; not {@code CONNECT} or {@code TRACE}
 * @param url absolute, {@code http} or {@code https}
 * @param headers by name; those that frame the message are refused
 * @param body a string is sent as it is, any other value as JSON; null for none
 * @param expect the statuses that are a success, see {@link Expected}; null for 2xx
 */
@RegisterForReflection
@SendableRequest
public record HttpRequest(
    @JsonPropertyDescription("The method, in capital letters.") @NotNull String method,
    @JsonPropertyDescription("Where to send it: an absolute http or https URL.")
        @NotNull
        @Size(max = OutboundUrl.LONGEST)
        String url,
    @JsonPropertyDescription("Headers by name. They are stored with the task.") @Size(max = 100)
        @Nullable Map<String, String> headers,
    @JsonPropertyDescription("A string is sent as it is, any other value as JSON.")
        @Nullable JsonNode body,
    @JsonPropertyDescription(
            "The statuses that are a success: a number such as 404, a class such as \"2xx\", or an"
                + " array of these. \"2xx\" where it is left out.")
        @Nullable JsonNode expect) {

  Map<String, String> headersOrNone() {
    return headers == null ? Map.of() : headers;
  }

  Expected expected() {
    return Expected.of(expect);
  }
}
