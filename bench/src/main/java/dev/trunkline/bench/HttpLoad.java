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
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Clients that post the same body again and again, each on a connection of its own. */
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
  Count closed(int clients, Duration duration, String path, String body) {
    Buffer buffer = Buffer.buffer(body);
    AtomicLong answered = new AtomicLong();
    CountDownLatch running = new CountDownLatch(clients);
    long start = System.nanoTime();
    long end = start + duration.toNanos();
    for (int i = 0; i < clients; i++) {
      next(path, buffer, answered, end, running);
    }
    await(running);
    return new Count(answered.get(), (System.nanoTime() - start) / 1e9);
  }

  /**
   * One request after the other at a steady rate, whatever becomes of the ones before.
   *
   * @return for each task the moment its answer was here, in microseconds since 1970
   */
  Map<String, Long> steady(int rate, Duration duration, String path, String body) {
    Buffer buffer = Buffer.buffer(body);
    Map<String, Long> answers = new ConcurrentHashMap<>();
    int requests = (int) (rate * duration.toSeconds());
    CountDownLatch running = new CountDownLatch(requests);
    long start = System.nanoTime();
    for (int i = 0; i < requests; i++) {
      sleepUntil(start + i * 1_000_000_000L / rate);
      post(path, buffer)
          .onSuccess(answer -> answers.put(id(answer), micros()))
          .onComplete(_ -> running.countDown());
    }
    await(running);
    return answers;
  }

  private void next(
      String path, Buffer body, AtomicLong answered, long end, CountDownLatch running) {
    post(path, body)
        .compose(HttpClientResponse::body)
        .onComplete(
            answer -> {
              if (answer.failed()) {
                answer.cause().printStackTrace();
                running.countDown();
              } else if (System.nanoTime() >= end) {
                running.countDown();
              } else {
                answered.incrementAndGet();
                next(path, body, answered, end, running);
              }
            });
  }

  private Future<HttpClientResponse> post(String path, Buffer body) {
    return client
        .request(HttpMethod.POST, port, "127.0.0.1", path)
        .compose(request -> request.putHeader("Content-Type", "application/json").send(body))
        .compose(
            answer ->
                answer.statusCode() == 202
                    ? Future.succeededFuture(answer)
                    : Future.failedFuture(path + " answered " + answer.statusCode()));
  }

  private static String id(HttpClientResponse answer) {
    String location = answer.getHeader("Location");
    return location.substring(location.lastIndexOf('/') + 1);
  }

  private static long micros() {
    return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
  }

  private static void sleepUntil(long nanos) {
    try {
      TimeUnit.NANOSECONDS.sleep(nanos - System.nanoTime());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      if (!latch.await(5, TimeUnit.MINUTES)) {
        throw new IllegalStateException("no answer for five minutes");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    client.close();
    vertx.close();
  }
}
