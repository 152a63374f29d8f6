package dev.trunkline.it.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.RandomGenerator;
import net.jqwik.api.Tuple;

/**
 * Requests to every operation alike: about half as the document says, the others changed in one or
 * two ways. Thread-safe; the same random numbers make the same request, but for what comes from the
 * {@link Pool}.
 */
public final class Requests {

  private static final int SIZE = 1_000;
  private static final int MOST_LINES = 5;
  private static final String NDJSON = "application/x-ndjson";

  private final Values values;
  private final RandomGenerator<FuzzRequest> generator;

  public Requests(Contract contract, Schemas schemas, Pool pool) {
    this.values = new Values(schemas, pool);
    List<Arbitrary<? extends FuzzRequest>> each = new ArrayList<>();
    contract.operations().stream()
        .sorted(Comparator.comparing(Contract.Operation::id))
        .forEach(operation -> each.add(changed(operation)));
    this.generator = Arbitraries.<FuzzRequest>oneOf(each).generator(SIZE, false);
  }

  public FuzzRequest next(Random random) {
    return generator.next(random).value();
  }

  private Arbitrary<FuzzRequest> changed(Contract.Operation operation) {
    Arbitrary<Integer> howOften =
        Arbitraries.frequency(Tuple.of(5, 0), Tuple.of(4, 1), Tuple.of(1, 2));
    return Combinators.combine(documented(operation), howOften, Arbitraries.longs())
        .as(
            (request, times, seed) -> {
              Random random = new Random(seed);
              FuzzRequest changed = random.nextInt(10) == 0 ? request.inChunks() : request;
              changed = random.nextInt(3) == 0 ? changed.accepting() : changed;
              for (int i = 0; i < times; i++) {
                changed = Changes.any(changed, random);
              }
              return changed;
            });
  }

  private Arbitrary<FuzzRequest> documented(Contract.Operation operation) {
    List<Arbitrary<Map.Entry<Contract.Parameter, Optional<String>>>> given = new ArrayList<>();
    operation.parameters().forEach(parameter -> given.add(value(parameter)));
    return Combinators.combine(Combinators.combine(given).as(List::copyOf), body(operation))
        .as((parameters, body) -> request(operation, parameters, body));
  }

  private Arbitrary<Map.Entry<Contract.Parameter, Optional<String>>> value(
      Contract.Parameter parameter) {
    Arbitrary<String> text = values.of(parameter.schema(), parameter.name()).map(JsonNode::asText);
    Arbitrary<Optional<String>> there =
        parameter.required() ? text.map(Optional::of) : text.optional(0.3);
    return there.map(value -> Map.entry(parameter, value));
  }

  private Arbitrary<Map.Entry<String, byte[]>> body(Contract.Operation operation) {
    List<Arbitrary<? extends Map.Entry<String, byte[]>>> each = new ArrayList<>();
    operation.bodies().entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(
            body ->
                each.add(
                    text(body.getKey(), values.of(body.getValue(), "body"))
                        .map(text -> Map.entry(body.getKey(), text))));
    return each.isEmpty() ? Arbitraries.just(Map.entry("", new byte[0])) : Arbitraries.oneOf(each);
  }

  private static Arbitrary<byte[]> text(String type, Arbitrary<JsonNode> values) {
    Arbitrary<String> text =
        type.equals(NDJSON)
            ? values
                .list()
                .ofMaxSize(MOST_LINES)
                .map(
                    lines ->
                        lines.stream().map(JsonNode::toString).collect(Collectors.joining("\n")))
            : values.map(JsonNode::toString);
    return text.map(given -> given.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Whether more than the document can say makes the request good: a cursor is so only where it
   * came from, and what can be in the query or in the body must not be in both.
   */
  private static boolean hasConditions(Contract.Operation operation, String target) {
    return target.contains("cursor=") || operation.id().equals("retryTasks");
  }

  private static FuzzRequest request(
      Contract.Operation operation,
      List<Map.Entry<Contract.Parameter, Optional<String>>> parameters,
      Map.Entry<String, byte[]> body) {
    String path = operation.path();
    List<String> query = new ArrayList<>();
    List<Map.Entry<String, String>> headers = new ArrayList<>();
    for (Map.Entry<Contract.Parameter, Optional<String>> each : parameters) {
      String name = each.getKey().name();
      String value = each.getValue().orElse(null);
      if (value == null) {
        continue;
      }
      switch (each.getKey().in()) {
        case "path" -> path = path.replace("{" + name + "}", Escapes.of(value));
        case "query" -> query.add(Escapes.of(name) + "=" + Escapes.of(value));
        // A header that holds any of these is none, and no client sends it.
        case "header" -> headers.add(Map.entry(name, value.replaceAll("[\\x00-\\x1f\\x7f]", "")));
        default -> throw new IllegalStateException(each.getKey().in());
      }
    }
    if (!body.getKey().isEmpty()) {
      headers.add(Map.entry("Content-Type", body.getKey()));
    }
    String target = query.isEmpty() ? path : path + "?" + String.join("&", query);
    Set<String> changes = hasConditions(operation, target) ? Set.of("conditions") : Set.of();
    return new FuzzRequest(
        operation, operation.method(), target, headers, body.getValue(), false, changes);
  }
}
