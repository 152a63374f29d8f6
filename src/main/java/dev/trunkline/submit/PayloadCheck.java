package dev.trunkline.submit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.trunkline.task.Refusal;
import dev.trunkline.task.Refusal.Fault;
import dev.trunkline.task.TaskType;
import jakarta.inject.Singleton;
import jakarta.validation.ConstraintViolation;
import jakarta.validation.Validator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * Checks payloads: first against the published schema, which finds every fault of form at once,
 * then by Bean Validation on the record, for what a schema cannot say.
 */
@Singleton
class PayloadCheck {

  private final ObjectMapper mapper;
  private final Validator validator;
  private final PayloadSchemas schemas;
  private final SchemaRegistry registry =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
  private final Map<String, Schema> byType = new ConcurrentHashMap<>();

  PayloadCheck(ObjectMapper mapper, Validator validator, PayloadSchemas schemas) {
    this.mapper = mapper;
    this.validator = validator;
    this.schemas = schemas;
  }

  /**
   * Passes where a handler of the type could run the payload.
   *
   * @param payload JSON text
   * @throws dev.trunkline.task.RefusedException with a pointer for each fault
   */
  void check(TaskType<?, ?> type, String payload) {
    if (type.payload() == JsonNode.class) {
      if (!StorableJson.isValue(mapper, payload)) {
        throw notJson();
      }
      return;
    }
    JsonNode node = read(payload);
    refuse(schemaOf(type).validate(node).stream().map(error -> asFault(type, error)));
    Object bound = bind(type, node);
    refuse(validator.validate(bound).stream().map(fault -> asFault(type, fault)));
  }

  private Schema schemaOf(TaskType<?, ?> type) {
    return byType.computeIfAbsent(
        type.name(), name -> registry.getSchema(schemas.of(type.payload())));
  }

  private JsonNode read(String payload) {
    try {
      return mapper.readTree(payload);
    } catch (JsonProcessingException e) {
      throw notJson();
    }
  }

  private static RuntimeException notJson() {
    return new Refusal.Malformed(List.of(new Fault("/payload", "is not JSON"))).exception();
  }

  private Object bind(TaskType<?, ?> type, JsonNode node) {
    try {
      Object bound = mapper.treeToValue(node, type.payload());
      if (bound == null) {
        throw invalid(new Fault("/payload", "must not be null"));
      }
      return bound;
    } catch (JsonProcessingException e) {
      throw invalid(new Fault("/payload", "does not fit the type's schema"));
    }
  }

  private Fault asFault(TaskType<?, ?> type, Error error) {
    String at = "/payload" + error.getInstanceLocation();
    String property = error.getProperty();
    return new Fault(
        property == null ? at : at + "/" + JsonFaults.escape(property), detail(type, error));
  }

  private String detail(TaskType<?, ?> type, Error error) {
    return switch (error.getKeyword()) {
      case "pattern" -> "does not have the form that the type's schema wants";
      case "additionalProperties" ->
          Suggestion.unknown("field", error.getProperty(), knownBeside(type, error));
      case null, default -> error.getMessage();
    };
  }

  /** The properties of the object schema that refused another one. */
  private List<String> knownBeside(TaskType<?, ?> type, Error error) {
    String keyword = error.getSchemaLocation().getFragment().toString();
    JsonNode properties =
        schemas
            .of(type.payload())
            .at(keyword.substring(0, keyword.lastIndexOf('/')) + "/properties");
    return properties.properties().stream().map(Map.Entry::getKey).toList();
  }

  private Fault asFault(TaskType<?, ?> type, ConstraintViolation<Object> violation) {
    StringBuilder pointer = new StringBuilder("/payload");
    violation
        .getPropertyPath()
        .forEach(
            node -> {
              if (node.getIndex() != null) {
                pointer.append('/').append(node.getIndex());
              }
              if (node.getName() != null) {
                pointer.append('/').append(JsonFaults.escape(jsonName(type, node.getName())));
              }
            });
    return new Fault(pointer.toString(), violation.getMessage());
  }

  private String jsonName(TaskType<?, ?> type, String component) {
    var described =
        mapper
            .getSerializationConfig()
            .introspect(mapper.constructType(type.payload()))
            .findProperties();
    return described.stream()
        .filter(property -> property.getInternalName().equals(component))
        .map(property -> property.getName())
        .findFirst()
        .orElse(component);
  }

  private static void refuse(Stream<Fault> faults) {
    List<Fault> all = faults.distinct().toList();
    if (!all.isEmpty()) {
      throw new Refusal.Invalid(all).exception();
    }
  }

  private static RuntimeException invalid(Fault fault) {
    return new Refusal.Invalid(List.of(fault)).exception();
  }
}
