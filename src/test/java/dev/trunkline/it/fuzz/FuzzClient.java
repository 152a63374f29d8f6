package dev.trunkline.it.fuzz;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;

/**
 * Sends what no decent client would, over connections that are kept. Streams are left after a
 * moment. Thread-safe.
 */
public final class FuzzClient implements AutoCloseable {

  private static final int PATIENCE_SECONDS = 90;
  private static final long STREAM_MILLIS = 50;

  private final Vertx vertx = Vertx.vertx();
  private final HttpClient http;
  private final LongAdder repeated = new LongAdder();
  private final LongAdder repeatedPosts = new LongAdder();
  private final Queue<FuzzRequest> repeatedDeletions = new ConcurrentLinkedQueue<>();

  public FuzzClient(int port, int connections) {
    this.http =
        vertx.createHttpClient(
            new HttpClientOptions()
                .setDefaultHost("127.0.0.1")
                .setDefaultPort(port)
                .setMaxPoolSize(connections)
                .setKeepAlive(true)
                .setDecompressionSupported(false));
  }

  /**
   * The answer, however long it takes within reason. A connection may be closed just when it is
   * used again: then, as RFC 9110 (9.2.2) has clients do, the request is sent once more.
   *
   * @throws ExecutionException where there is none, as when the connection is closed again
   */
  public FuzzAnswer send(FuzzRequest request)
      throws ExecutionException, InterruptedException, TimeoutException {
    try {
      return sendOnce(request);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof HttpClosedException) {
        repeated.increment();
        if (request.method().equals("POST")) {
          repeatedPosts.increment();
        } else if (request.method().equals("DELETE")) {
          repeatedDeletions.add(request);
        }
        return sendOnce(request);
      }
      throw e;
    }
  }

  /** How many requests had to be sent once more. */
  public long repeated() {
    return repeated.sum();
  }

  /** How many of these may have been done twice, the first time without an answer. */
  public long repeatedPosts() {
    return repeatedPosts.sum();
  }

  /** Those that may have been done the first time, without an answer. */
  public Collection<FuzzRequest> repeatedDeletions() {
    return List.copyOf(repeatedDeletions);
  }

  private FuzzAnswer sendOnce(FuzzRequest request)
      throws ExecutionException, InterruptedException, TimeoutException {
    CompletableFuture<FuzzAnswer> answer = new CompletableFuture<>();
    http.request(
            new RequestOptions()
                .setMethod(HttpMethod.valueOf(request.method()))
                .setURI(request.target()))
        .onSuccess(open -> send(open, request, answer))
        .onFailure(answer::completeExceptionally);
    // The longest wait that docs/api.md allows is 60 s.
    return answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  private void send(
      HttpClientRequest open, FuzzRequest request, CompletableFuture<FuzzAnswer> answer) {
    request.headers().forEach(header -> open.headers().add(header.getKey(), header.getValue()));
    open.response()
        .onSuccess(response -> read(open, response, answer))
        .onFailure(answer::completeExceptionally);
    if (request.chunked()) {
      open.setChunked(true).end(Buffer.buffer(request.body()));
    } else if (request.body().length > 0) {
      open.end(Buffer.buffer(request.body()));
    } else {
      open.end();
    }
  }

  private void read(
      HttpClientRequest open, HttpClientResponse response, CompletableFuture<FuzzAnswer> answer) {
    Buffer body = Buffer.buffer();
    response.handler(body::appendBuffer);
    response.exceptionHandler(answer::completeExceptionally);
    response.endHandler(_ -> answer.complete(answer(response, body, true)));
    String type = response.getHeader("Content-Type");
    if (type != null && type.startsWith("text/event-stream")) {
      vertx.setTimer(
          STREAM_MILLIS,
          _ -> {
            answer.complete(answer(response, body, false));
            open.reset();
          });
    }
  }

  private static FuzzAnswer answer(HttpClientResponse response, Buffer body, boolean complete) {
    return new FuzzAnswer(response.statusCode(), response.headers(), body.getBytes(), complete);
  }

  @Override
  public void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }
}
