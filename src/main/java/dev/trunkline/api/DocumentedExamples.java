package dev.trunkline.api;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Objects;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.media.Content;
import org.jspecify.annotations.Nullable;

/**
 * Writes examples into the OpenAPI document: {@code openapi-examples.json} has, for the id of an
 * operation, that of its request and those of its answers by their statuses. Where a resource has
 * one itself, that stays. A test sees to it that there is one everywhere, and that it is valid.
 */
final class DocumentedExamples {

  private static final String FILE = "/openapi-examples.json";

  /**
   * Of one operation.
   *
   * @param parameters by their names
   * @param responses by their statuses
   */
  record Examples(
      @Nullable Object request,
      @Nullable Map<String, Object> parameters,
      @Nullable Map<String, Object> responses) {}

  private final Map<String, Examples> byOperation;

  private DocumentedExamples(Map<String, Examples> byOperation) {
    this.byOperation = byOperation;
  }

  static DocumentedExamples read() {
    try (InputStream file = DocumentedExamples.class.getResourceAsStream(FILE)) {
      return new DocumentedExamples(
          new ObjectMapper().readValue(Objects.requireNonNull(file), new TypeReference<>() {}));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void complete(OpenAPI document) {
    document.getPaths().getPathItems().values().stream()
        .flatMap(item -> item.getOperations().values().stream())
        .forEach(this::complete);
  }

  private void complete(Operation operation) {
    Examples examples = byOperation.get(operation.getOperationId());
    if (examples != null) {
      complete(operation, examples);
    }
  }

  private static void complete(Operation operation, Examples examples) {
    if (examples.request() != null && operation.getRequestBody() != null) {
      put(operation.getRequestBody().getContent(), examples.request());
    }
    if (examples.parameters() != null && operation.getParameters() != null) {
      operation.getParameters().stream()
          .filter(parameter -> parameter.getExample() == null)
          .forEach(
              parameter -> parameter.setExample(examples.parameters().get(parameter.getName())));
    }
    if (examples.responses() != null) {
      examples
          .responses()
          .forEach(
              (status, example) ->
                  put(operation.getResponses().getAPIResponse(status).getContent(), example));
    }
  }

  private static void put(Content content, Object example) {
    content.getMediaTypes().values().stream()
        .filter(type -> type.getExample() == null && type.getExamples() == null)
        .forEach(type -> type.setExample(example));
  }
}
