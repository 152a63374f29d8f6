package dev.trunkline.handlers.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trunkline.outbound.OutboundUrl;
import dev.trunkline.outbound.RequestRules;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What {@link SendableRequest} asks. Stateless, so thread-safe. */
public final class SendableRequestValidator
    implements ConstraintValidator<SendableRequest, HttpRequest> {

  private static final String STATUS = "must be a status from 200 to 599, or 2xx, 3xx, 4xx or 5xx";

  /**
   * @param part of the field: a header's name, or an index
   */
  private record Fault(String field, Optional<String> part, String reason) {

    /** The reason may hold the client's text, which is not to be read as an expression. */
    void report(ConstraintValidatorContext context) {
      String template = reason.replaceAll("[\\\\{}$]", "\\\\$0");
      var place = context.buildConstraintViolationWithTemplate(template).addPropertyNode(field);
      part.map(place::addPropertyNode).orElse(place).addConstraintViolation();
    }
  }

  @Override
  public boolean isValid(HttpRequest request, ConstraintValidatorContext context) {
    List<Fault> faults =
        Stream.of(
                of("method", request.method(), RequestRules::methodFault),
                of("url", request.url(), OutboundUrl::fault),
                ofHeaders(request.headersOrNone()),
                ofExpected(request.expect()))
            .flatMap(found -> found)
            .toList();
    context.disableDefaultConstraintViolation();
    faults.forEach(fault -> fault.report(context));
    return faults.isEmpty();
  }

  /** A value that is missing has a constraint of its own. */
  private static Stream<Fault> of(
      String field, @Nullable String value, Function<String, Optional<String>> rule) {
    return Optional.ofNullable(value)
        .flatMap(rule)
        .map(reason -> new Fault(field, Optional.empty(), reason))
        .stream();
  }

  private static Stream<Fault> ofHeaders(Map<String, String> headers) {
    Set<String> names = new HashSet<>();
    return headers.entrySet().stream()
        .flatMap(
            header ->
                headerFault(header.getKey(), header.getValue(), names)
                    .map(reason -> new Fault("headers", Optional.of(header.getKey()), reason))
                    .stream());
  }

  private static Optional<String> headerFault(
      String name, @Nullable String value, Set<String> others) {
    if (!others.add(name.toLowerCase(Locale.ROOT))) {
      return Optional.of("is there twice: upper and lower case are the same");
    }
    return RequestRules.nameFault(name)
        .or(() -> value == null ? Optional.of("must be a text") : RequestRules.valueFault(value));
  }

  private static Stream<Fault> ofExpected(@Nullable JsonNode expect) {
    if (expect != null && expect.isArray() && expect.isEmpty()) {
      return Stream.of(new Fault("expect", Optional.empty(), STATUS));
    }
    return Expected.faults(expect).stream().map(part -> new Fault("expect", part, STATUS));
  }
}
