package dev.trunkline.bench;

import dev.trunkline.bench.DatabaseServer.Database;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One process of the packaged service, and requests to it. */
final class ServiceProcess implements AutoCloseable {

  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(5);

  private final String name;
  private final int port = freePort();
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final long started;
  private final Process process;

  /**
   * @param name of its log
   * @param settings beside those that everyone needs
   * @param launch what runs it
   */
  ServiceProcess(String name, Map<String, String> settings, Launch launch, Database database) {
    this.name = name;
    List<String> command = launch.command(properties(settings, database));
    this.started = System.nanoTime();
    try {
      this.process =
          new ProcessBuilder(command)
              .redirectOutput(Logs.of(name))
              .redirectError(Logs.of(name))
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    // Where the harness is ended, so is what it measures.
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
  }

  private List<String> properties(Map<String, String> settings, Database database) {
    Map<String, String> properties = new LinkedHashMap<>();
    properties.put("quarkus.datasource.jdbc.url", database.jdbcUrl());
    properties.put("quarkus.http.host", "127.0.0.1");
    properties.put("quarkus.http.port", String.valueOf(port));
    properties.put("trunkline.auth.mode", "none");
    properties.put("trunkline.examples.enabled", "true");
    properties.putAll(settings);
    return properties.entrySet().stream()
        .map(entry -> "-D" + entry.getKey() + "=" + entry.getValue())
        .toList();
  }

  int port() {
    return port;
  }

  ProcessHandle handle() {
    return process.toHandle();
  }

  /**
   * Waits for it.
   *
   * @return how long it took from the start of the process
   */
  Duration awaitReady() {
    Waiting.until(this::isReady, BETWEEN_LOOKS, "ready");
    return Duration.ofNanos(System.nanoTime() - started);
  }

  private boolean isReady() {
    if (!process.isAlive()) {
      throw new IllegalStateException(name + " has ended; see " + Logs.file(name));
    }
    try {
      return send(request("/q/health/ready").build(), BodyHandlers.discarding()).statusCode()
          == 200;
    } catch (UncheckedIOException e) {
      return false;
    }
  }

  /** Posts, and has the answer's body. */
  String post(String path, String body) {
    HttpResponse<String> answer =
        send(request(path).POST(BodyPublishers.ofString(body)).build(), BodyHandlers.ofString());
    if (answer.statusCode() >= 300) {
      throw new IllegalStateException(path + ": " + answer.statusCode() + " " + answer.body());
    }
    return answer.body();
  }

  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
  }

  <T> HttpResponse<T> send(HttpRequest request, BodyHandler<T> handler) {
    try {
      return http.send(request, handler);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    process.destroy();
    Processes.awaitEnd(process, Duration.ofSeconds(30));
    http.close();
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
