package dev.trunkline.api;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.media.Content;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.eclipse.microprofile.openapi.models.media.Schema.SchemaType;
import org.eclipse.microprofile.openapi.models.parameters.Parameter;
import org.jspecify.annotations.Nullable;

/**
 * Says in the OpenAPI document what its words mean in Java: a pattern holds for the whole text,
 * where JSON Schema would look for it anywhere within, and what has a pattern, a format, a length
 * or choices is a string.
 */
final class DocumentedForms {

  private final Set<Schema> seen = new HashSet<>();

  void complete(OpenAPI document) {
    walkAll(document.getComponents().getSchemas().values());
    document.getPaths().getPathItems().values().stream()
        .flatMap(item -> item.getOperations().values().stream())
        .flatMap(DocumentedForms::schemas)
        .forEach(this::walk);
  }

  private static Stream<Schema> schemas(Operation operation) {
    Stream<Schema> parameters =
        orEmpty(operation.getParameters()).stream().map(Parameter::getSchema);
    Stream<Schema> body =
        operation.getRequestBody() == null
            ? Stream.empty()
            : schemas(operation.getRequestBody().getContent());
    Stream<Schema> answers =
        operation.getResponses().getAPIResponses().values().stream()
            .flatMap(answer -> schemas(answer.getContent()));
    return Stream.of(parameters, body, answers).flatMap(each -> each);
  }

  private static Stream<Schema> schemas(@Nullable Content content) {
    return content == null
        ? Stream.empty()
        : content.getMediaTypes().values().stream().map(type -> type.getSchema());
  }

  private void walk(@Nullable Schema schema) {
    if (schema == null || !seen.add(schema)) {
      return;
    }
    complete(schema);
    walk(schema.getItems());
    walk(schema.getAdditionalPropertiesSchema());
    Map<String, Schema> properties = schema.getProperties();
    walkAll(properties == null ? List.of() : properties.values());
    Stream.of(schema.getAnyOf(), schema.getOneOf(), schema.getAllOf())
        .forEach(each -> walkAll(orEmpty(each)));
  }

  private void walkAll(Collection<Schema> all) {
    all.forEach(this::walk);
  }

  private static void complete(Schema schema) {
    String pattern = schema.getPattern();
    if (pattern != null && !pattern.startsWith("^")) {
      schema.setPattern("^(?:" + pattern + ")$");
    }
    boolean text =
        pattern != null
            || schema.getEnumeration() != null
            || schema.getFormat() != null
            || schema.getMinLength() != null
            || schema.getMaxLength() != null;
    if (text && schema.getType() == null && schema.getRef() == null) {
      schema.setType(List.of(SchemaType.STRING));
    }
  }

  private static <T> List<T> orEmpty(@Nullable List<T> list) {
    return list == null ? List.of() : list;
  }
}
