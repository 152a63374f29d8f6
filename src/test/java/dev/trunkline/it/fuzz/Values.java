package dev.trunkline.it.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/** Values as a schema wants them. Thread-safe. */
final class Values {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final int LONGEST = 40;
  private static final int MOST_ITEMS = 3;
  private static final int SCALE = 3;

  private final Schemas schemas;
  private final Pool pool;
  private final Map<JsonNode, Map<String, Arbitrary<JsonNode>>> made = new ConcurrentHashMap<>();

  Values(Schemas schemas, Pool pool) {
    this.schemas = schemas;
    this.pool = pool;
  }

  /**
   * Values of the schema.
   *
   * @param name of the field or parameter, by which {@link Words} know more than the schema says
   */
  Arbitrary<JsonNode> of(JsonNode schema, String name) {
    Map<String, Arbitrary<JsonNode>> byName =
        made.computeIfAbsent(schema, _ -> new ConcurrentHashMap<>());
    Arbitrary<JsonNode> known = byName.get(name);
    if (known == null) {
      known = make(schemas.follow(schema), name);
      byName.put(name, known);
    }
    return known;
  }

  private Arbitrary<JsonNode> make(JsonNode schema, String name) {
    Arbitrary<JsonNode> plain = plain(schema, name);
    List<JsonNode> examples = new ArrayList<>();
    schema.path("examples").forEach(examples::add);
    return examples.isEmpty() || name.equals("wait")
        ? plain
        : Arbitraries.frequencyOf(Tuple.of(1, Arbitraries.of(examples)), Tuple.of(2, plain));
  }

  private Arbitrary<JsonNode> plain(JsonNode schema, String name) {
    if (schema.has("const")) {
      return Arbitraries.just(schema.get("const"));
    }
    for (String choice : List.of("enum", "anyOf", "oneOf")) {
      if (schema.has(choice)) {
        List<Arbitrary<? extends JsonNode>> of = new ArrayList<>();
        schema
            .get(choice)
            .forEach(one -> of.add(choice.equals("enum") ? Arbitraries.just(one) : of(one, name)));
        return Arbitraries.oneOf(of);
      }
    }
    return ofType(schema, name);
  }

  private Arbitrary<JsonNode> ofType(JsonNode schema, String name) {
    JsonNode type = schema.path("type");
    if (type.isArray()) {
      List<Arbitrary<? extends JsonNode>> of = new ArrayList<>();
      type.forEach(one -> of.add(ofType(((ObjectNode) schema.deepCopy()).set("type", one), name)));
      return Arbitraries.oneOf(of);
    }
    return switch (type.asText("")) {
      case "string" -> text(schema, name);
      case "integer" -> whole(schema);
      case "number" -> number(schema);
      case "boolean" -> Arbitraries.of(true, false).map(JSON::booleanNode);
      case "null" -> Arbitraries.just(JSON.nullNode());
      case "array" -> array(schema, name);
      case "object" -> object(schema);
      default -> Arbitraries.of(SAMPLES);
    };
  }

  private Arbitrary<JsonNode> text(JsonNode schema, String name) {
    Arbitrary<String> text =
        switch (schema.path("format").asText()) {
          case "uuid" ->
              Arbitraries.randomValue(
                  random -> new UUID(random.nextLong(), random.nextLong()).toString());
          case "date-time" ->
              Arbitraries.longs()
                  .between(1_500_000_000, 2_500_000_000L)
                  .map(second -> Instant.ofEpochSecond(second).toString());
          default ->
              schema.has("pattern")
                  ? ofPattern(schema)
                  : Arbitraries.strings()
                      .excludeChars('\0')
                      .ofMinLength(schema.path("minLength").asInt())
                      .ofMaxLength(Math.min(LONGEST, schema.path("maxLength").asInt(LONGEST)));
        };
    Arbitrary<String> likely =
        Words.known(name)
            .map(words -> Arbitraries.frequencyOf(Tuple.of(4, words), Tuple.of(1, text)))
            .orElse(text);
    return Combinators.combine(likely, Arbitraries.longs())
        .as((made, seed) -> JSON.textNode(knownOr(name, made, new Random(seed))));
  }

  /** Mostly what the service gave away under this name, where that is something. */
  private String knownOr(String name, String made, Random random) {
    return random.nextInt(3) > 0 ? pool.any(name, random).orElse(made) : made;
  }

  private static Arbitrary<String> ofPattern(JsonNode schema) {
    String pattern = schema.get("pattern").asText();
    return Arbitraries.randomValue(random -> Words.like(pattern, random));
  }

  private static Arbitrary<JsonNode> whole(JsonNode schema) {
    return Arbitraries.longs()
        .between(
            schema.path("minimum").asLong(Integer.MIN_VALUE),
            schema.path("maximum").asLong(Integer.MAX_VALUE))
        .map(JSON::numberNode);
  }

  private static Arbitrary<JsonNode> number(JsonNode schema) {
    return Arbitraries.bigDecimals()
        .between(
            new BigDecimal(schema.path("minimum").asText("-1000")),
            new BigDecimal(schema.path("maximum").asText("1000")))
        .ofScale(SCALE)
        .map(JSON::numberNode);
  }

  private Arbitrary<JsonNode> array(JsonNode schema, String name) {
    int least = schema.path("minItems").asInt();
    return of(schema.path("items"), name)
        .list()
        .ofMinSize(least)
        .ofMaxSize(Math.max(least, Math.min(MOST_ITEMS, schema.path("maxItems").asInt(MOST_ITEMS))))
        .map(
            items -> {
              ArrayNode array = JSON.arrayNode();
              items.forEach(array::add);
              return array;
            });
  }

  private Arbitrary<JsonNode> object(JsonNode schema) {
    List<String> required = new ArrayList<>();
    schema.path("required").forEach(field -> required.add(field.asText()));
    List<Arbitrary<Map.Entry<String, Optional<JsonNode>>>> fields = new ArrayList<>();
    for (Map.Entry<String, JsonNode> property : schema.path("properties").properties()) {
      String field = property.getKey();
      Arbitrary<JsonNode> value = of(property.getValue(), field);
      Arbitrary<Optional<JsonNode>> there =
          required.contains(field)
              ? value.map(Optional::of)
              : value.optional(Words.isRare(field) ? 0.03 : 0.25);
      fields.add(there.map(given -> Map.entry(field, given)));
    }
    return Combinators.combine(fields)
        .as(
            given -> {
              ObjectNode object = JSON.objectNode();
              given.forEach(
                  field -> field.getValue().ifPresent(value -> object.set(field.getKey(), value)));
              return Words.oneOfTwo(object);
            });
  }

  private static final List<JsonNode> SAMPLES = samples();

  private static List<JsonNode> samples() {
    try {
      List<JsonNode> samples = new ArrayList<>();
      new ObjectMapper()
          .readTree(
              """
              [null, true, 0, -1, 1.5, 1e300, 12345678901234567890, "", "text", "\\ud83d\\ude42",
               [], [1, [2, [3]]], {}, {"": 0}, {"a": {"b": [null]}}, {"text": "hi", "time": 1},
               {"text": "x", "time": 3}]
              """)
          .forEach(samples::add);
      return samples;
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
