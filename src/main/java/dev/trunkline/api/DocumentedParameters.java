package dev.trunkline.api;

import static org.eclipse.microprofile.openapi.OASFactory.createSchema;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.PathItem;
import org.eclipse.microprofile.openapi.models.media.Schema.SchemaType;
import org.eclipse.microprofile.openapi.models.parameters.Parameter;

/**
 * Describes in the OpenAPI document the parameters that many operations have alike. Where a
 * resource says something itself, that stays.
 */
final class DocumentedParameters {

  /** By where they are and what they are called. */
  private static final Map<String, Said> KNOWN =
      Map.of(
          "path id", new Said("The id", "0199d1c4-8e2b-7c31-b1f5-2f6a3d0c9e84"),
          "query id", new Said("The id of a task", "0199d1c4-8e2b-7c31-b1f5-2f6a3d0c9e84"),
          "path token",
              new Said("Of a lease, as it was given", "AZnRxI4rfDGx9S9qPQyehAAAAAE.q3kZ8Tn4c0vJ"),
          "header Prefer",
              new Said("wait=N: to answer when the task has ended, or after N seconds", "wait=20"),
          "header If-None-Match",
              new Said("The ETag of an earlier answer: 304 where nothing is new", "\"m3k9\""),
          "header Last-Event-ID",
              new Said("The id of the last event that the client has seen", "mQ0c6Z3W.Yb1sO7uT"),
          "header traceparent",
              new Said(
                  "W3C Trace Context, linked to every attempt; a malformed one is ignored",
                  "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"));

  private record Said(String description, String example) {}

  void complete(OpenAPI document) {
    document.getPaths().getPathItems().values().stream()
        .flatMap(DocumentedParameters::parameters)
        .forEach(DocumentedParameters::complete);
  }

  private static Stream<Parameter> parameters(PathItem item) {
    return Stream.concat(
            Stream.of(item.getParameters()).filter(Objects::nonNull),
            item.getOperations().values().stream()
                .map(operation -> operation.getParameters())
                .filter(Objects::nonNull))
        .flatMap(List::stream);
  }

  private static void complete(Parameter parameter) {
    if (parameter.getSchema() == null
        || (parameter.getIn() == Parameter.In.HEADER && isList(parameter))) {
      // A field that may come several times is one text to clients, who make no good one of a list.
      parameter.setSchema(createSchema().type(List.of(SchemaType.STRING)));
    }
    Said said = KNOWN.get(parameter.getIn() + " " + parameter.getName());
    if (said != null && parameter.getDescription() == null) {
      parameter.setDescription(said.description());
    }
    if (said != null && parameter.getExample() == null) {
      parameter.setExample(said.example());
    }
  }

  private static boolean isList(Parameter parameter) {
    List<SchemaType> types = parameter.getSchema().getType();
    return types != null && types.contains(SchemaType.ARRAY);
  }
}
