package dev.trunkline.bench;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/**
 * Clients that post the same body again and again, each on a connection of its own. A request that
 * fails, or is answered otherwise than expected, fails the measurement.
 */
final class HttpLoad implements AutoCloseable {

  private final Vertx vertx = Vertx.vertx();
  private final HttpClient client;
  private final int port;

  HttpLoad(int port, int connections) {
    this.port = port;
    this.client =
        vertx.createHttpClient(
            new HttpClientOptions().setMaxPoolSize(connections).setPipelining(false));
  }

  /** Each client sends its next request when the last one is answered. */
  Count closed(int clients, Duration duration, Post post) {
    AtomicLong answered = new AtomicLong();
    Outcome outcome = new Outcome(clients);
    long start = System.nanoTime();
    long end = start + duration.toNanos();
    for (int i = 0; i < clients; i++) {
      next(post, answered, end, outcome);
    }
    outcome.await();
    return new Count(answered.get(), (System.nanoTime() - start) / 1e9);
  }

  private void next(Post post, AtomicLong answered, long end, Outcome outcome) {
    send(post)
        .compose(HttpClientResponse::body)
        .onComplete(
            answer -> {
              if (answer.succeeded()) {
                answered.incrementAndGet();
              }
              if (answer.failed() || System.nanoTime() >= end) {
                outcome.ended(answer.cause());
              } else {
                next(post, answered, end, outcome);
              }
            });
  }

  /**
   * One request after the other at a steady rate, whatever becomes of the ones before.
   *
   * @return for each task the moment its answer was here, in microseconds since 1970
   */
  Map<String, Long> steady(int rate, Duration duration, Post post) {
    Map<String, Long> answers = new ConcurrentHashMap<>();
    offer(
        rate,
        duration,
        _ -> send(post).onSuccess(answer -> answers.put(id(answer), micros())).mapEmpty());
    return answers;
  }

  /**
   * As {@link #steady}.
   *
   * @return from each request until its answer was here as a whole, in milliseconds, ascending
   */
  double[] roundTrips(int rate, Duration duration, Post post) {
    Queue<Long> nanos = new ConcurrentLinkedQueue<>();
    offer(
        rate,
        duration,
        sent ->
            send(post)
                .compose(HttpClientResponse::body)
                .onSuccess(_ -> nanos.add(System.nanoTime() - sent))
                .mapEmpty());
    return nanos.stream().mapToDouble(taken -> taken / 1e6).sorted().toArray();
  }

  private void offer(int rate, Duration duration, Function<Long, Future<Void>> request) {
    int requests = (int) (rate * duration.toSeconds());
    Outcome outcome = new Outcome(requests);
    long start = System.nanoTime();
    for (int i = 0; i < requests; i++) {
      Waiting.sleep(Duration.ofNanos(start + i * 1_000_000_000L / rate - System.nanoTime()));
      request.apply(System.nanoTime()).onComplete(answer -> outcome.ended(answer.cause()));
    }
    outcome.await();
  }

  private Future<HttpClientResponse> send(Post post) {
    return client
        .request(HttpMethod.POST, port, "127.0.0.1", post.path())
        .compose(
            request -> {
              request.putHeader("Content-Type", "application/json");
              post.headers().forEach(request::putHeader);
              return request.send(post.buffer());
            })
        .compose(
            answer ->
                answer.statusCode() == post.expected()
                    ? Future.succeededFuture(answer)
                    : Future.failedFuture(post.path() + " answered " + answer.statusCode()));
  }

  private static String id(HttpClientResponse answer) {
    String location = answer.getHeader("Location");
    return location.substring(location.lastIndexOf('/') + 1);
  }

  private static long micros() {
    return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
  }

  @Override
  public void close() {
    client.close();
    vertx.close();
  }

  /**
   * What is sent.
   *
   * @param expected the status of every answer
   */
  record Post(String path, Map<String, String> headers, Buffer buffer, int expected) {

    static Post of(String path, String body) {
      return new Post(path, Map.of(), Buffer.buffer(body), 202);
    }
  }

  /** How many are still to end, and what went wrong. */
  private static final class Outcome {

    private final CountDownLatch running;
    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();

    Outcome(int expected) {
      this.running = new CountDownLatch(expected);
    }

    /**
     * @param failure null where there is none
     */
    void ended(Throwable failure) {
      if (failure != null) {
        failures.add(failure);
      }
      running.countDown();
    }

    void await() {
      try {
        if (!running.await(5, TimeUnit.MINUTES)) {
          throw new IllegalStateException("no answer for five minutes");
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
      if (!failures.isEmpty()) {
        throw new IllegalStateException(failures.size() + " requests failed", failures.peek());
      }
    }
  }
}
