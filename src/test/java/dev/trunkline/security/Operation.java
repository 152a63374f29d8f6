package dev.trunkline.security;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * An operation as the OpenAPI document tells it.
 *
 * @param contentType of its body, where it takes one
 * @param roles which the document says are needed; empty where it says none
 */
record Operation(
    String method, String path, String id, Optional<String> contentType, Set<String> roles) {

  private static final Set<String> METHODS =
      Set.of("get", "put", "post", "delete", "options", "head", "patch", "trace");

  /** All of them, in the order of the document. */
  static List<Operation> in(JsonNode document) {
    List<Operation> operations = new ArrayList<>();
    for (Map.Entry<String, JsonNode> path : document.get("paths").properties()) {
      path.getValue().properties().stream()
          .filter(method -> METHODS.contains(method.getKey()))
          .map(method -> of(path.getKey(), method))
          .forEach(operations::add);
    }
    return operations;
  }

  private static Operation of(String path, Map.Entry<String, JsonNode> method) {
    JsonNode operation = method.getValue();
    return new Operation(
        method.getKey().toUpperCase(),
        path,
        operation.path("operationId").asText("(none)"),
        operation.at("/requestBody/content").propertyStream().map(Map.Entry::getKey).findFirst(),
        new TreeSet<>(roles(operation.path("security")).toList()));
  }

  private static Stream<String> roles(JsonNode security) {
    return StreamSupport.stream(security.spliterator(), false)
        .flatMap(scheme -> StreamSupport.stream(scheme.path("bearer").spliterator(), false))
        .map(JsonNode::asText);
  }

  /** The path with something in the place of its parameters that is never there. */
  String pathToNothing() {
    return path.replace("{id}", "0199d1c4-0000-7000-8000-000000000000")
        .replaceAll("\\{[^}]+}", "nothing-of-this-name");
  }
}
