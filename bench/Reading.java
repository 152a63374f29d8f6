import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * How long it takes to look at tasks and queues in a database with a long history: each kind of
 * request in turns with all others and with one that asks the database for nothing. See README.md.
 *
 * <p>{@code java bench/Reading.java <url> [requests of each kind] [seed]}
 */
public final class Reading {

  private static final String TASKS = "/api/v1/tasks";
  private static final String NO_SQL = "an id that is none, which asks no database";
  private static final Duration HISTORY = Duration.ofDays(30);
  private static final Pattern ID = Pattern.compile("\"id\":\"([0-9a-f-]{36})\"");
  private static final Pattern NEXT = Pattern.compile("\"next\":\"([^\"]+)\"");

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final Map<String, Supplier<String>> kinds = new LinkedHashMap<>();
  private final String url;
  private final int requests;
  private final Random random;
  private final Instant now = Instant.now();

  private Reading(String url, int requests, long seed) {
    this.url = url;
    this.requests = requests;
    this.random = new Random(seed);
  }

  public static void main(String... args) throws Exception {
    String[] all = {"http://127.0.0.1:8080", "1000", "1"};
    System.arraycopy(args, 0, all, 0, args.length);
    System.out.printf("%s requests of each kind, seed %s%n%n", all[1], all[2]);
    new Reading(all[0], Integer.parseInt(all[1]), Long.parseLong(all[2])).run();
  }

  private void run() throws Exception {
    lists();
    tasks();
    kinds.put("queues", () -> "/api/v1/queues");
    kinds.put("queue, the largest", () -> "/api/v1/queues/default");
    kinds.put("queue, paused", () -> "/api/v1/queues/paused");
    kinds.put("workers", () -> "/api/v1/workers");
    kinds.put("task types", () -> "/api/v1/task-types");
    kinds.put(NO_SQL, () -> TASKS + "/none");
    measure(Math.max(20, requests / 10));
    print(measure(requests));
  }

  private void lists() {
    list("", () -> "");
    list("a page deep inside", this::deepPage);
    for (String state :
        List.of("scheduled", "queued", "running", "succeeded", "failed", "cancelled")) {
      list("state=" + state, () -> "state=" + state);
    }
    list("type, half of all", () -> "type=invoice.print");
    list("type, one in 50", () -> "type=report." + (1 + random.nextInt(9)));
    list("type, one in 100,000", () -> "type=once.in.a.while");
    list("queue, two thirds of all", () -> "queue=default");
    list("queue, one in 100,000", () -> "queue=rare");
    list("tag, one in 100", () -> "tag=nightly");
    list("tag, one in 70,000", () -> "tag=customer-" + random.nextInt(20_000));
    list("createdBefore", () -> "createdBefore=" + instant());
    list("createdAfter", () -> "createdAfter=" + instant());
    list("state and createdBefore", () -> "state=failed&createdBefore=" + instant());
    list("state and type", () -> "state=failed&type=mail.send");
    list("all of them", this::everyFilter);
  }

  private void tasks() throws Exception {
    for (String state : List.of("succeeded", "failed", "queued", "scheduled", "running")) {
      List<String> ids = ids("state=" + state + "&limit=100");
      kinds.put("status, " + state, () -> TASKS + "/" + any(ids));
      kinds.put("explain, " + state, () -> TASKS + "/" + any(ids) + "/explain");
    }
    List<String> paused = ids("queue=paused&limit=100");
    kinds.put("explain, in a paused queue", () -> TASKS + "/" + any(paused) + "/explain");
    List<String> old = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      old.addAll(ids("limit=20&createdBefore=" + instant()));
    }
    kinds.put("status, anywhere in the history", () -> TASKS + "/" + any(old));
    kinds.put("attempts, anywhere in the history", () -> TASKS + "/" + any(old) + "/attempts");
  }

  private void list(String name, Supplier<String> query) {
    kinds.put(("list " + name).trim(), () -> TASKS + "?" + query.get());
  }

  private String everyFilter() {
    return "state=succeeded&type=mail.send&queue=default&tag=nightly&createdBefore=" + instant();
  }

  private String deepPage() {
    return next("createdBefore=" + instant());
  }

  private String next(String query) {
    try {
      return next(query, get(TASKS + "?" + query)).orElse(query);
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Optional<String> next(String query, String page) {
    return NEXT.matcher(page)
        .results()
        .map(next -> URLEncoder.encode(next.group(1), StandardCharsets.UTF_8))
        .map(cursor -> query + "&cursor=" + cursor)
        .findFirst();
  }

  /** The first there are. A page can be empty although more follows. */
  private List<String> ids(String query) throws IOException, InterruptedException {
    for (Optional<String> page = Optional.of(query); page.isPresent(); ) {
      String body = get(TASKS + "?" + page.get());
      List<String> ids = ID.matcher(body).results().map(id -> id.group(1)).toList();
      if (!ids.isEmpty()) {
        return ids;
      }
      page = next(query, body);
    }
    throw new IllegalStateException("there is no task with " + query);
  }

  private String any(List<String> ids) {
    return ids.get(random.nextInt(ids.size()));
  }

  private Instant instant() {
    return now.minusMillis((long) (random.nextDouble() * HISTORY.toMillis()));
  }

  /** How long the answers took, in nanoseconds, sorted, by their kind. */
  private Map<String, long[]> measure(int count) throws Exception {
    Map<String, long[]> took = new LinkedHashMap<>();
    kinds.keySet().forEach(kind -> took.put(kind, new long[count]));
    for (int i = 0; i < count; i++) {
      for (Map.Entry<String, Supplier<String>> kind : kinds.entrySet()) {
        String path = kind.getValue().get();
        long start = System.nanoTime();
        get(path);
        took.get(kind.getKey())[i] = System.nanoTime() - start;
      }
    }
    took.values().forEach(Arrays::sort);
    return took;
  }

  private void print(Map<String, long[]> took) {
    double floor = percentile(took.get(NO_SQL), 50);
    System.out.println("| request | p50 ms | p99 ms | longest ms | p50, times no SQL |");
    System.out.println("|---|---:|---:|---:|---:|");
    took.forEach(
        (kind, sorted) ->
            System.out.printf(
                "| %s | %.2f | %.2f | %.1f | %.1f |%n",
                kind,
                percentile(sorted, 50) / 1e6,
                percentile(sorted, 99) / 1e6,
                percentile(sorted, 100) / 1e6,
                percentile(sorted, 50) / floor));
  }

  private String get(String path) throws IOException, InterruptedException {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + path));
    String token = System.getenv("TRUNKLINE_TOKEN");
    if (token != null) {
      request.header("Authorization", "Bearer " + token);
    }
    HttpResponse<String> answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() != (path.endsWith("/none") ? 404 : 200)) {
      throw new IOException(path + ": " + answer.statusCode() + " " + answer.body());
    }
    return answer.body();
  }

  private static double percentile(long[] sorted, int percent) {
    return sorted[Math.min(sorted.length - 1, sorted.length * percent / 100)];
  }
}
