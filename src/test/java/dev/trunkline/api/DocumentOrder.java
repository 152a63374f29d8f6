package dev.trunkline.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Puts an OpenAPI document in an order that stays when nothing changes: what has names of our own
 * by these, the rest as it is written.
 */
final class DocumentOrder {

  private static final List<String> FIRST =
      List.of("openapi", "info", "servers", "tags", "paths", "components");
  private static final Set<String> BY_NAME =
      Set.of("paths", "schemas", "responses", "examples", "headers", "content", "securitySchemes");

  JsonNode sorted(JsonNode document) {
    ObjectNode sorted = JsonNodeFactory.instance.objectNode();
    for (String name : FIRST) {
      if (document.has(name)) {
        sorted.set(name, sorted(name, document.get(name)));
      }
    }
    document.properties().forEach(rest -> sorted.putIfAbsent(rest.getKey(), rest.getValue()));
    return sorted;
  }

  private JsonNode sorted(String name, JsonNode node) {
    return switch (node) {
      case ObjectNode object -> sortedObject(name, object);
      case ArrayNode array -> {
        ArrayNode sorted = JsonNodeFactory.instance.arrayNode();
        array.forEach(item -> sorted.add(sorted("", item)));
        yield sorted;
      }
      default -> node;
    };
  }

  private ObjectNode sortedObject(String name, ObjectNode object) {
    ObjectNode sorted = JsonNodeFactory.instance.objectNode();
    boolean isExample = name.equals("example") || name.equals("value");
    Map<String, JsonNode> fields = new TreeMap<>();
    object.properties().forEach(field -> fields.put(field.getKey(), field.getValue()));
    if (BY_NAME.contains(name)) {
      fields.forEach((field, value) -> sorted.set(field, sorted(field, value)));
    } else {
      object
          .properties()
          .forEach(
              field ->
                  sorted.set(
                      field.getKey(),
                      isExample ? field.getValue() : sorted(field.getKey(), field.getValue())));
    }
    return sorted;
  }
}
