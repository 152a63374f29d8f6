import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * What watchers cost those who submit: the latency of submissions with and without a crowd of
 * clients that wait, in turns, so that both see the same machine. See README.md.
 *
 * <p>{@code java bench/Watching.java <url> [quiet|busy] [watchers] [rounds] [seconds]}
 */
public final class Watching {

  private static final String TASKS = "/api/v1/tasks";
  private static final int SUBMITTERS = 4;

  /** What the watched tasks are: they wait, or as many as may run report progress all the time. */
  private static final Map<String, String> WATCHED =
      Map.of(
          "quiet",
          "{\"type\":\"noop\",\"payload\":1,\"queue\":\"watched\",\"delay\":\"PT24H\"}",
          "busy",
          "{\"type\":\"echo\",\"payload\":{\"text\":\"x\",\"time\":10000},\"queue\":\"watched\"}");

  private static final String SUBMITTED =
      "{\"type\":\"noop\",\"payload\":{\"text\":\"0123456789\"},\"queue\":\"submitted\"}";

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final String url;
  private final String task;
  private final int watchers;
  private final int rounds;
  private final Duration round;

  private Watching(String url, String task, int watchers, int rounds, Duration round) {
    this.url = url;
    this.task = Objects.requireNonNull(WATCHED.get(task), "quiet or busy");
    this.watchers = watchers;
    this.rounds = rounds;
    this.round = round;
  }

  public static void main(String... args) throws Exception {
    String[] all = {"http://127.0.0.1:8080", "quiet", "1000", "5", "10"};
    System.arraycopy(args, 0, all, 0, args.length);
    int[] numbers = Stream.of(all).skip(2).mapToInt(Integer::parseInt).toArray();
    new Watching(all[0], all[1], numbers[0], numbers[1], Duration.ofSeconds(numbers[2])).run();
    System.exit(0);
  }

  private void run() throws Exception {
    List<String> watched = submitWatched();
    System.out.printf(
        "%d streams and %d long polls on %d tasks; %d clients submit for %d s a round%n",
        watchers, watchers, watchers, SUBMITTERS, round.toSeconds());
    submissions();
    List<long[]> without = new ArrayList<>();
    List<long[]> with = new ArrayList<>();
    for (int i = 0; i < rounds; i++) {
      without.add(report("without", submissions()));
      try (Crowd crowd = new Crowd(watched)) {
        with.add(report("with", submissions()));
        System.out.printf("         meanwhile %,d events were received%n", crowd.events.get());
      }
    }
    long[] before = merged(without);
    long[] after = merged(with);
    System.out.printf(
        "all      p50 %.2f, p99 %.2f times as long with the watchers%n",
        (double) percentile(after, 50) / percentile(before, 50),
        (double) percentile(after, 99) / percentile(before, 99));
    hearing(watched);
    for (String id : watched.subList(0, watched.size() - cancelled())) {
      post(TASKS + "/" + id + "/cancel", "");
    }
  }

  /** How many of the watched tasks are cancelled to see when their watchers hear of it. */
  private int cancelled() {
    return Math.min(200, watchers / 2);
  }

  /** From the answer to a cancellation until the watcher of the task hears of it. */
  private void hearing(List<String> watched) throws Exception {
    try (Crowd crowd = new Crowd(watched)) {
      List<Long> took = new ArrayList<>();
      // The last ones are still waiting for a slot, and so are cancelled at once.
      for (String id : watched.subList(watched.size() - cancelled(), watched.size())) {
        CompletableFuture<Long> heard = new CompletableFuture<>();
        crowd.heard(id, heard);
        post(TASKS + "/" + id + "/cancel", "");
        long answered = System.nanoTime();
        took.add(Math.max(0, heard.get(30, TimeUnit.SECONDS) - answered));
      }
      report("heard", took.stream().mapToLong(Long::longValue).sorted().toArray());
    }
  }

  private List<String> submitWatched() throws Exception {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < watchers; i++) {
      ids.add(post(TASKS, task).replaceFirst("(?s).*?\"id\":\"([^\"]+)\".*", "$1"));
    }
    return ids;
  }

  /** How long each submission of a round took, in nanoseconds, sorted. */
  private long[] submissions() throws Exception {
    long end = System.nanoTime() + round.toNanos();
    Callable<List<Long>> client =
        () -> {
          List<Long> took = new ArrayList<>();
          for (long start; (start = System.nanoTime()) < end; ) {
            post(TASKS, SUBMITTED);
            took.add(System.nanoTime() - start);
          }
          return took;
        };
    List<Long> all = new ArrayList<>();
    for (Future<List<Long>> took : threads.invokeAll(Collections.nCopies(SUBMITTERS, client))) {
      all.addAll(took.get());
    }
    return all.stream().mapToLong(Long::longValue).sorted().toArray();
  }

  private String post(String path, String body) throws IOException, InterruptedException {
    HttpResponse<String> answer =
        http.send(
            request(path)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build(),
            BodyHandlers.ofString());
    if (answer.statusCode() >= 300) {
      throw new IOException(answer.statusCode() + " " + answer.body());
    }
    return answer.body();
  }

  private HttpRequest.Builder request(String path) {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + path));
    String token = System.getenv("TRUNKLINE_TOKEN");
    return token == null ? request : request.header("Authorization", "Bearer " + token);
  }

  private static long[] report(String name, long[] sorted) {
    System.out.printf(
        "%-8s p50 %8.2f ms   p99 %8.2f ms   %,7d times%n",
        name, percentile(sorted, 50) / 1e6, percentile(sorted, 99) / 1e6, sorted.length);
    return sorted;
  }

  private static long percentile(long[] sorted, int percent) {
    return sorted[Math.min(sorted.length - 1, sorted.length * percent / 100)];
  }

  private static long[] merged(List<long[]> rounds) {
    return rounds.stream().flatMapToLong(Arrays::stream).sorted().toArray();
  }

  /** A stream and a long poll for each task, open until it is closed. */
  private final class Crowd implements AutoCloseable {

    private final AtomicLong events = new AtomicLong();
    private final List<HttpResponse<Stream<String>>> streams = new ArrayList<>();
    private final List<CompletableFuture<?>> polls = new ArrayList<>();
    private volatile String listenedFor = "";
    private volatile CompletableFuture<Long> heard = new CompletableFuture<>();

    Crowd(List<String> ids) throws Exception {
      CountDownLatch begun = new CountDownLatch(ids.size());
      for (String id : ids) {
        HttpResponse<Stream<String>> stream =
            http.send(request(TASKS + "/" + id + "/events").build(), BodyHandlers.ofLines());
        streams.add(stream);
        threads.execute(() -> read(id, stream.body(), begun));
        polls.add(
            http.sendAsync(
                request(TASKS + "/" + id).header("Prefer", "wait=600").build(),
                BodyHandlers.ofString()));
      }
      begun.await();
      awaitPolls();
    }

    void heard(String id, CompletableFuture<Long> when) {
      heard = when;
      listenedFor = id;
    }

    private void read(String id, Stream<String> lines, CountDownLatch begun) {
      try {
        lines
            .filter(line -> line.startsWith("data:"))
            .forEach(
                line -> {
                  begun.countDown();
                  events.incrementAndGet();
                  if (id.equals(listenedFor) && line.contains("\"state\":\"cancelled\"")) {
                    heard.complete(System.nanoTime());
                  }
                });
      } catch (UncheckedIOException e) {
        // Closed.
      }
    }

    private void awaitPolls() throws Exception {
      String waiting;
      do {
        waiting = http.send(request("/q/metrics").build(), BodyHandlers.ofString()).body();
      } while (waiting.lines().noneMatch(("trunkline_waits " + watchers + ".0")::equals));
    }

    @Override
    public void close() {
      streams.forEach(stream -> stream.body().close());
      polls.forEach(poll -> poll.cancel(true));
    }
  }
}
