package dev.trunkline.it.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * An OpenAPI document, as far as a client goes by it.
 *
 * @param components what the schemas refer to
 */
public record Contract(List<Operation> operations, JsonNode components) {

  private static final int HUNDRED = 100;
  private static final Set<String> METHODS =
      Set.of("get", "put", "post", "delete", "options", "head", "patch", "trace");

  /**
   * A value beside the body.
   *
   * @param in path, query, header or cookie
   */
  public record Parameter(String name, String in, boolean required, JsonNode schema) {}

  /**
   * What an operation may answer with one status.
   *
   * @param contents the schemas by media type
   * @param headers their names in lower case
   * @param examples the names of the examples of problems: the last steps of their types
   */
  public record Answer(Map<String, JsonNode> contents, Set<String> headers, Set<String> examples) {}

  /**
   * One operation.
   *
   * @param bodies the schemas of what it takes, by media type
   * @param answers by status, and such as 2XX by its first digit
   */
  public record Operation(
      String id,
      String method,
      String path,
      List<Parameter> parameters,
      Map<String, JsonNode> bodies,
      Map<Integer, Answer> answers) {

    @Override
    public String toString() {
      return id;
    }

    public Optional<Answer> answer(int status) {
      return Optional.ofNullable(answers.getOrDefault(status, answers.get(status / HUNDRED)));
    }
  }

  public static Contract read(JsonNode document) {
    List<Operation> operations = new ArrayList<>();
    Reader reader = new Reader(document);
    for (Map.Entry<String, JsonNode> path : document.get("paths").properties()) {
      for (Map.Entry<String, JsonNode> method : path.getValue().properties()) {
        if (METHODS.contains(method.getKey())) {
          operations.add(reader.operation(path.getKey(), method.getKey(), path.getValue()));
        }
      }
    }
    return new Contract(List.copyOf(operations), document.get("components"));
  }

  /** Follows references on the way. */
  private record Reader(JsonNode document) {

    Operation operation(String path, String method, JsonNode item) {
      JsonNode operation = item.get(method);
      return new Operation(
          operation.get("operationId").asText(),
          method.toUpperCase(Locale.ROOT),
          path,
          parameters(item, operation),
          schemas(follow(operation.path("requestBody")).path("content")),
          answers(operation.get("responses")));
    }

    private List<Parameter> parameters(JsonNode item, JsonNode operation) {
      Map<String, Parameter> byName = new LinkedHashMap<>();
      for (JsonNode level : List.of(item, operation)) {
        for (JsonNode one : level.path("parameters")) {
          JsonNode parameter = follow(one);
          String in = parameter.get("in").asText();
          String name = parameter.get("name").asText();
          byName.put(
              in + " " + name,
              new Parameter(
                  name, in, parameter.path("required").asBoolean(), parameter.path("schema")));
        }
      }
      return List.copyOf(byName.values());
    }

    private Map<Integer, Answer> answers(JsonNode responses) {
      Map<Integer, Answer> answers = new TreeMap<>();
      for (Map.Entry<String, JsonNode> entry : responses.properties()) {
        JsonNode response = follow(entry.getValue());
        Set<String> headers = new TreeSet<>();
        response
            .path("headers")
            .fieldNames()
            .forEachRemaining(name -> headers.add(name.toLowerCase(Locale.ROOT)));
        Set<String> examples = new TreeSet<>();
        response
            .at("/content/application~1problem+json/examples")
            .fieldNames()
            .forEachRemaining(examples::add);
        answers.put(
            Integer.valueOf(entry.getKey().replace("XX", "")),
            new Answer(schemas(response.path("content")), headers, examples));
      }
      return answers;
    }

    private static Map<String, JsonNode> schemas(JsonNode content) {
      Map<String, JsonNode> schemas = new HashMap<>();
      content
          .properties()
          .forEach(type -> schemas.put(type.getKey(), type.getValue().path("schema")));
      return schemas;
    }

    private JsonNode follow(JsonNode node) {
      return node.has("$ref") ? follow(document.at(node.get("$ref").asText().substring(1))) : node;
    }
  }
}
