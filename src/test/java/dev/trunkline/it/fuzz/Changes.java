package dev.trunkline.it.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** What can be wrong with a request: method, address, headers; for its body see {@link Bodies}. */
final class Changes {

  private static final List<String> METHODS =
      List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "FOO");

  private static final List<String> TYPES =
      List.of(
          "application/json",
          "application/x-ndjson",
          "application/json; charset=utf-8",
          "application/json; charset=utf-16",
          "application/xml",
          "text/plain",
          "text/event-stream",
          "multipart/form-data; boundary=x",
          "application/x-www-form-urlencoded",
          "*/*",
          "json",
          "a/b/c",
          ";",
          "");

  private static final Map<String, List<String>> HEADERS =
      Map.ofEntries(
          Map.entry("Content-Type", TYPES),
          Map.entry(
              "Accept",
              List.of("*/*", "application/json;q=0", "text/html", "*", "q", "a/b;q=x", ",,", "")),
          Map.entry("Accept-Encoding", List.of("gzip", "identity;q=0", "*;q=0", "br, ;")),
          Map.entry("Content-Encoding", List.of("gzip", "identity", "br", "")),
          Map.entry(
              "Prefer",
              List.of(
                  "wait",
                  "wait=",
                  "wait=-1",
                  "wait=x",
                  "wait=1.5",
                  "wait=\"0\"",
                  "wait=0;x",
                  "=,;",
                  "wait=99999999999999999999",
                  "foo; bar=1, wait=0",
                  "wait=0, wait=1")),
          Map.entry(
              "Idempotency-Key",
              List.of("a", "\"a\"", "\"", "\"\"", "a b", "a,b", "\"\\\"", "\"a\";p=1", "é")),
          Map.entry(
              "traceparent", List.of("00", "ff-0-0-0", "00-" + "0".repeat(32) + "-1-01", "-")),
          Map.entry(
              "If-None-Match", List.of("*", "\"x\"", "W/\"x\"", "x", "\"", ",", "\"a\", \"b\"")),
          Map.entry("If-Match", List.of("*", "\"x\"")),
          Map.entry("If-Modified-Since", List.of("yesterday", "Thu, 01 Jan 1970 00:00:00 GMT")),
          Map.entry("Last-Event-ID", List.of("0", "-1", "x", "99999999999999999999", "1-2-3")),
          Map.entry("Range", List.of("bytes=0-1", "bytes=-", "x")),
          Map.entry("Authorization", List.of("Bearer x", "Basic eDp5", "Bearer", "é", "Basic %")),
          Map.entry("Cookie", List.of("a=b; c", "=", "quarkus-credential=x")),
          Map.entry("X-Forwarded-For", List.of("1.2.3.4", "x, y")),
          Map.entry("X-HTTP-Method-Override", List.of("DELETE")),
          Map.entry("Origin", List.of("https://example.com", "null")));

  /** Such as {@code new URI} does not take, and such as it does. */
  private static final List<String> ADDRESSES =
      List.of(
          "%",
          "%zz", "%0", "{id}", "a|b", "\"", "\\", "^", "`", "<a>", "%00", "%ff%fe", "%2F", "..",
          ".", "%2e%2e", ";a=b", "a;b=c/", "~", "é", "🙂", "//", "/", "'", "&", "=", "[", "]", "#",
          "@", ":", "!");

  private Changes() {}

  /** Changed in one way. */
  static FuzzRequest any(FuzzRequest request, Random random) {
    return switch (random.nextInt(request.body().length > 0 ? 14 : 7)) {
      case 0 -> request.withMethod(pick(METHODS, random));
      case 1 -> address(request, random);
      case 2 -> query(request, random);
      case 3, 4 -> header(request, random);
      case 5 -> oddHeader(request, random);
      case 6 -> strayBody(request, random);
      default -> Bodies.changed(request, random);
    };
  }

  private static FuzzRequest address(FuzzRequest request, Random random) {
    String target = request.target();
    int end = target.indexOf('?') < 0 ? target.length() : target.indexOf('?');
    String path = target.substring(0, end);
    int at = path.lastIndexOf('/', random.nextInt(path.length())) + 1;
    String odd =
        random.nextBoolean() ? pick(ADDRESSES, random) : Escapes.of(pick(Words.ODD, random));
    String step = odd.length() > 1_000 ? odd.substring(0, 900).replaceAll("%.?$", "") : odd;
    int next = path.indexOf('/', at) < 0 ? path.length() : path.indexOf('/', at);
    String changed =
        random.nextInt(4) == 0
            ? path + "/" + step
            : path.substring(0, at) + step + path.substring(next);
    return request.withTarget(changed.replaceAll("[\r\n ]", "") + target.substring(end), "path");
  }

  private static FuzzRequest query(FuzzRequest request, Random random) {
    List<String> known =
        request.operation().parameters().stream()
            .filter(parameter -> parameter.in().equals("query"))
            .map(Contract.Parameter::name)
            .toList();
    String name =
        known.isEmpty() || random.nextInt(4) == 0
            ? pick(List.of("limit", "x", "stat", "cursor", ""), random)
            : pick(known, random);
    String odd = pick(Words.ODD, random);
    String value = Escapes.of(odd.length() > 500 ? odd.substring(0, 500) : odd);
    String pair =
        switch (random.nextInt(6)) {
          case 0 -> name;
          case 1 -> name + "=" + pick(ADDRESSES, random).replace("#", "");
          case 2 -> name + "=" + value + "&" + name + "=" + value;
          default -> name + "=" + value;
        };
    return request.withTarget(
        request.target() + (request.target().contains("?") ? "&" : "?") + pair, "query");
  }

  private static FuzzRequest header(FuzzRequest request, Random random) {
    String name = pick(List.copyOf(HEADERS.keySet().stream().sorted().toList()), random);
    return random.nextInt(8) == 0
        ? request.withoutHeader("Content-Type")
        : request.withHeader(name, pick(HEADERS.get(name), random));
  }

  private static FuzzRequest oddHeader(FuzzRequest request, Random random) {
    List<String> own =
        request.operation().parameters().stream()
            .filter(parameter -> parameter.in().equals("header"))
            .map(Contract.Parameter::name)
            .toList();
    String name =
        own.isEmpty()
            ? pick(List.copyOf(HEADERS.keySet().stream().sorted().toList()), random)
            : pick(own, random);
    String value = pick(Words.ODD, random).replaceAll("[\\x00-\\x1f\\x7f]", "");
    return request.withHeader(name, value);
  }

  private static FuzzRequest strayBody(FuzzRequest request, Random random) {
    return request.withBody(pick(Words.ODD, random).getBytes(StandardCharsets.UTF_8), "body");
  }

  static <T> T pick(List<T> all, Random random) {
    return all.get(random.nextInt(all.size()));
  }
}
