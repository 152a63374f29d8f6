package dev.trunkline.it.fuzz;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;

/** What a schema does not say about the values of its fields, by their names; and odd texts. */
final class Words {

  private static final Map<String, List<String>> KNOWN =
      Map.ofEntries(
          Map.entry(
              "type",
              List.of("noop", "remote.work", "remote.work", "echo", "web.wordcount", "nope")),
          Map.entry("types", List.of("remote.work", "remote.work", "remote.other", "noop")),
          Map.entry("queue", List.of("default", "fuzz-1", "fuzz-2", "chess")),
          Map.entry("queues", List.of("fuzz-1", "fuzz-2")),
          Map.entry("delay", List.of("PT0S", "PT0.1S", "PT1M", "PT48H")),
          Map.entry("timeout", List.of("PT1S", "PT0.5S", "PT10M")),
          Map.entry("lease", List.of("PT5S", "PT30S", "PT1M")),
          Map.entry("wait", List.of("PT0S", "PT0.01S", "PT0.1S")),
          Map.entry(
              "prefer",
              List.of(
                  "wait=0",
                  "wait=0",
                  "respond-async, wait=0",
                  "return=minimal",
                  "handling=strict, wait=0",
                  "wait=1")),
          Map.entry("url", List.of("https://example.com/", "http://127.0.0.1:9/")),
          Map.entry("fen", List.of("8/8/6P1/4R3/8/6k1/2r5/6K1 b - - 0 1")),
          Map.entry(
              "traceparent", List.of("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")));

  /** Those that make a task long to run, or leave it to tomorrow, if they were everywhere. */
  private static final Set<String> RARE = Set.of("callback", "delay", "runAt", "expiresAt");

  private static final Map<String, String> EITHER = Map.of("types", "queues", "delay", "runAt");

  static final List<String> ODD =
      List.of(
          "",
          " ",
          "\u0000",
          "a\u0000b",
          "\ud800",
          "\udfff\ud800",
          "🙂",
          "\u202egnirts",
          "null",
          "undefined",
          "-1",
          "0",
          "1e400",
          "NaN",
          "9223372036854775808",
          "-9223372036854775809",
          "0x1F",
          "١٢",
          "true",
          "PT",
          "P1Y",
          "PT1H1H",
          "-PT1S",
          "P106751991167301D",
          "0000-00-00T00:00:00Z",
          "9999-12-31T23:59:60Z",
          "+1000000000-01-01T00:00:00Z",
          "2030-01-01",
          "../../../etc/passwd",
          "%00",
          "%ff",
          "'; drop table trunkline.task; --",
          "{\"$ref\":\"#\"}",
          "${jndi:ldap://localhost/a}",
          "<script>alert(1)</script>",
          "00000000-0000-0000-0000-000000000000",
          "ffffffff-ffff-ffff-ffff-ffffffffffff",
          "0199d1c4-0000-7000-8000-00000000000G",
          "a".repeat(101),
          "a".repeat(256),
          "a".repeat(4_000),
          "é".repeat(3_000),
          "\u0007\u001b[2J",
          "\r\n",
          "\ufeff");

  private Words() {}

  static Optional<Arbitrary<String>> known(String name) {
    return Optional.ofNullable(KNOWN.get(name.toLowerCase(Locale.ROOT))).map(Arbitraries::of);
  }

  /** Without the second of two fields of which there may be one: no schema here says so. */
  static ObjectNode oneOfTwo(ObjectNode object) {
    EITHER.forEach(
        (one, other) -> {
          if (object.hasNonNull(one)) {
            object.remove(other);
          }
        });
    return object;
  }

  static boolean isRare(String field) {
    return RARE.contains(field);
  }

  /** A word that the pattern takes, found by trying. */
  static String like(String pattern, Random random) {
    Pattern wanted = Pattern.compile(pattern);
    for (String start : List.of("", "\"", "00-", "http://")) {
      for (int length = 1; length < 12; length++) {
        String word = start + word(random, length) + (start.equals("\"") ? "\"" : "");
        if (wanted.matcher(word).find()) {
          return word;
        }
      }
    }
    return KNOWN.values().stream()
        .flatMap(List::stream)
        .filter(word -> wanted.matcher(word).find())
        .findAny()
        .orElse("x");
  }

  private static String word(Random random, int length) {
    StringBuilder word = new StringBuilder();
    for (int i = 0; i < length; i++) {
      word.append((char) ('a' + random.nextInt(26)));
    }
    return word.toString();
  }
}
