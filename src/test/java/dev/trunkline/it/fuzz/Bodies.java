package dev.trunkline.it.fuzz;

import static dev.trunkline.it.fuzz.Changes.pick;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** What can be wrong with a body: values in it, its text, its bytes. */
final class Bodies {

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  /** Written as they are, since not all of them could be written otherwise. */
  private static final List<String> NUMBERS =
      List.of(
          "0",
          "-0",
          "-1",
          "1.0",
          "1.5",
          "2147483647",
          "2147483648",
          "-2147483649",
          "9223372036854775807",
          "9223372036854775808",
          "1e309",
          "-1e309",
          "1e-400",
          "1E+5",
          "123456789012345678901234567890.123456789",
          "1e131072",
          "0.1e1");

  private static final List<String> TEXTS =
      List.of(
          "",
          " ",
          "null",
          "[]",
          "{}",
          "true",
          "\"\"",
          "{",
          "}",
          "[",
          "{\"a\":1,}",
          "{a:1}",
          "{'a':1}",
          "NaN",
          "{} {}",
          "/* c */{}",
          "\u0000",
          "\n\n\n",
          "{\"type\":\"noop\",\"payload\":1}\n{\"type\":\"noop\",\"payload\":1}",
          "[".repeat(1_000),
          "{\"a\":".repeat(1_000) + "1" + "}".repeat(1_000),
          "{\"type\":\"noop\",\"type\":\"noop\",\"payload\":1}",
          "--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--x--");

  private Bodies() {}

  static FuzzRequest changed(FuzzRequest request, Random random) {
    return switch (random.nextInt(10)) {
      case 0 -> request.withBody(bytes(request.body(), random), "body");
      case 1 -> request.withBody(utf8(pick(TEXTS, random)), "body");
      case 2 -> request.withBody(cut(request.body(), random), "body");
      case 3 -> request.withBody(new byte[0], "body");
      default -> request.withBody(value(request.body(), random), "body");
    };
  }

  private static byte[] bytes(byte[] body, Random random) {
    if (random.nextInt(4) == 0) {
      byte[] noise = new byte[1 + random.nextInt(200)];
      random.nextBytes(noise);
      return noise;
    }
    byte[] changed = body.clone();
    for (int i = 0; i <= random.nextInt(3); i++) {
      changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
    }
    return changed;
  }

  private static byte[] cut(byte[] body, Random random) {
    return Arrays.copyOf(body, random.nextInt(body.length));
  }

  /** With one value changed, somewhere in the first line. */
  private static byte[] value(byte[] body, Random random) {
    try {
      String text = new String(body, StandardCharsets.UTF_8);
      String line = text.lines().findFirst().orElse("");
      JsonNode root = MAPPER.readTree(line);
      List<JsonNode> inside = new ArrayList<>();
      collect(root, inside);
      if (inside.isEmpty()) {
        return utf8(pick(TEXTS, random));
      }
      String number = "\"@number@\"";
      change(pick(inside, random), random);
      String changed = root.toString().replace(number, pick(NUMBERS, random));
      return utf8(changed + text.substring(line.length()));
    } catch (JsonProcessingException e) {
      return body;
    }
  }

  private static void collect(JsonNode node, List<JsonNode> into) {
    if (node.isContainerNode()) {
      into.add(node);
      node.forEach(child -> collect(child, into));
    }
  }

  private static void change(JsonNode container, Random random) {
    JsonNode other = other(random);
    switch (container) {
      case ObjectNode object -> changeField(object, other, random);
      case ArrayNode array -> {
        if (array.isEmpty() || random.nextBoolean()) {
          array.add(other);
        } else {
          array.set(random.nextInt(array.size()), other);
        }
      }
      default -> throw new IllegalStateException();
    }
  }

  private static void changeField(ObjectNode object, JsonNode other, Random random) {
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    if (names.isEmpty() || random.nextInt(5) == 0) {
      object.set(pick(Words.ODD, random), other);
    } else if (random.nextInt(5) == 0) {
      object.remove(pick(names, random));
    } else if (random.nextInt(8) == 0) {
      String name = pick(names, random);
      object.set(name + "s", object.remove(name));
    } else {
      object.set(pick(names, random), other);
    }
  }

  private static JsonNode other(Random random) {
    return switch (random.nextInt(8)) {
      case 0 -> JSON.nullNode();
      case 1 -> JSON.booleanNode(random.nextBoolean());
      case 2, 3 -> JSON.textNode("@number@");
      case 4 -> JSON.arrayNode().add(JSON.nullNode()).add("@number@");
      case 5 -> JSON.objectNode().put(pick(Words.ODD, random), 1);
      default -> JSON.textNode(pick(Words.ODD, random));
    };
  }

  /** Halves of surrogate pairs can only be escaped. */
  private static byte[] utf8(String text) {
    StringBuilder escaped = new StringBuilder();
    text.codePoints()
        .forEach(
            point -> {
              if (point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE) {
                escaped.append("\\u%04x".formatted(point));
              } else {
                escaped.appendCodePoint(point);
              }
            });
    return escaped.toString().getBytes(StandardCharsets.UTF_8);
  }
}
