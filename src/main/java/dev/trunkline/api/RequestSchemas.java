package dev.trunkline.api;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.media.MediaType;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.jspecify.annotations.Nullable;

/** The named schemas of an OpenAPI document that bodies of requests are made of. */
final class RequestSchemas {

  private static final String PREFIX = "#/components/schemas/";

  private final Map<String, Schema> schemas;
  private final Set<String> found = new HashSet<>();

  RequestSchemas(OpenAPI document) {
    this.schemas = document.getComponents().getSchemas();
    document.getPaths().getPathItems().values().stream()
        .flatMap(item -> item.getOperations().values().stream())
        .flatMap(RequestSchemas::body)
        .forEach(this::walk);
  }

  Set<String> names() {
    return found;
  }

  private static Stream<Schema> body(Operation operation) {
    return operation.getRequestBody() == null || operation.getRequestBody().getContent() == null
        ? Stream.empty()
        : operation.getRequestBody().getContent().getMediaTypes().values().stream()
            .map(MediaType::getSchema);
  }

  private void walk(@Nullable Schema schema) {
    if (schema == null) {
      return;
    }
    String ref = schema.getRef();
    if (ref != null && ref.startsWith(PREFIX) && found.add(ref.substring(PREFIX.length()))) {
      walk(schemas.get(ref.substring(PREFIX.length())));
    }
    walk(schema.getItems());
    walk(schema.getAdditionalPropertiesSchema());
    walkAll(schema.getProperties() == null ? null : schema.getProperties().values());
    walkAll(schema.getAnyOf());
    walkAll(schema.getOneOf());
    walkAll(schema.getAllOf());
  }

  private void walkAll(@Nullable Collection<Schema> all) {
    (all == null ? List.<Schema>of() : all).forEach(this::walk);
  }
}
