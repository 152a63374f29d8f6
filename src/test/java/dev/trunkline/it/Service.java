package dev.trunkline.it;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import org.awaitility.Awaitility;

/** The packaged service as a process of its own, to be asked, signalled and killed. */
final class Service implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path JAR = Path.of("target", "quarkus-app", "quarkus-run.jar");

  private final Process process;
  private final int port;
  private final Path log;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();

  private Service(Process process, int port, Path log) {
    this.process = process;
    this.port = port;
    this.log = log;
  }

  /** Starts the service on the database with the examples on, and waits until it is ready. */
  static Service start(Postgres database, Map<String, String> settings) {
    Map<String, String> all = new TreeMap<>(settings);
    all.putIfAbsent("quarkus.datasource.jdbc.url", database.url());
    all.putIfAbsent("trunkline.examples.enabled", "true");
    Service service = launch(all);
    service.awaitReady();
    return service;
  }

  /**
   * Starts the service with these settings and nothing else, and waits for nothing. It is open
   * unless they say otherwise.
   */
  static Service launch(Map<String, String> settings) {
    return launch(JAR, settings, Map.of());
  }

  /** Runs a command of the program, instead of the service. */
  static Service command(
      String name, Map<String, String> settings, Map<String, String> environment) {
    return launch(JAR, settings, environment, name);
  }

  /** As {@link #launch(Map)}, from another package of the service. */
  static Service launch(Path jar, Map<String, String> settings) {
    return launch(jar, settings, Map.of());
  }

  /** As {@link #launch(Map)}, with some variables more in the environment. */
  static Service launch(Map<String, String> settings, Map<String, String> environment) {
    return launch(JAR, settings, environment);
  }

  private static Service launch(
      Path jar,
      Map<String, String> settings,
      Map<String, String> environment,
      String... arguments) {
    try {
      int port = freePort();
      List<String> command = new ArrayList<>();
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.add("-Xmx256m");
      // Processes that live for seconds: a quick start matters more than the last optimisation.
      command.add("-XX:TieredStopAtLevel=1");
      command.add("-XX:+UseSerialGC");
      command.add("-Duser.timezone=" + System.getProperty("user.timezone"));
      command.add("-Dquarkus.http.port=" + port);
      command.add("-Dquarkus.http.host=127.0.0.1");
      command.add("-Dtrunkline.auth.mode=none");
      settings.forEach((name, value) -> command.add("-D" + name + "=" + value));
      command.addAll(List.of("-jar", jar.toAbsolutePath().toString()));
      command.addAll(List.of(arguments));
      Path log = Files.createTempFile(Path.of("target"), "service-", ".log");
      ProcessBuilder builder =
          new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
      builder.environment().putAll(environment);
      return new Service(builder.start(), port, log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits until the service takes requests. */
  void awaitReady() {
    Awaitility.await("ready: see " + log)
        .atMost(Duration.ofSeconds(90))
        .until(() -> process.isAlive() && status("/q/health/ready") == 200);
  }

  Process process() {
    return process;
  }

  int port() {
    return port;
  }

  String log() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** When it said something that contains these words, by its own clock. */
  List<Instant> times(String words) {
    return log()
        .lines()
        .filter(line -> line.contains(words) && line.startsWith("{"))
        .map(line -> Instant.parse(json(line).get("timestamp").asText()))
        .toList();
  }

  void kill() {
    Postgres.signal("KILL", process.pid());
    Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> !process.isAlive());
  }

  void terminate() {
    Postgres.signal("TERM", process.pid());
  }

  /** Stops the process in its tracks, without its noticing. */
  void freeze() {
    Postgres.signal("STOP", process.pid());
  }

  /** Lets a frozen process go on where it was. */
  void thaw() {
    Postgres.signal("CONT", process.pid());
  }

  /** The answer's status, or -1 where there is no answer. */
  int status(String path) {
    try {
      return get(path).statusCode();
    } catch (UncheckedIOException e) {
      return -1;
    }
  }

  URI uri(String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }

  HttpResponse<String> get(String path) {
    return send(request(path).GET().build());
  }

  HttpResponse<String> get(String path, String accept) {
    return send(request(path).header("Accept", accept).GET().build());
  }

  HttpResponse<String> getWithToken(String path, String token) {
    return send(request(path).header("Authorization", "Bearer " + token).GET().build());
  }

  HttpResponse<String> post(String path, String body) {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build());
  }

  /** Submits a task under an idempotency key. */
  HttpResponse<String> submit(String body, String key) {
    return send(
        request("/api/v1/tasks")
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", "\"" + key + "\"")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build());
  }

  /** Submits a task that must be taken, and answers its id. */
  String submit(String body) {
    HttpResponse<String> answer = post("/api/v1/tasks", body);
    if (answer.statusCode() != 202) {
      throw new IllegalStateException(answer.statusCode() + " " + answer.body());
    }
    return json(answer).get("id").asText();
  }

  JsonNode task(String id) {
    return json(get("/api/v1/tasks/" + id));
  }

  /**
   * The attempts of a task.
   *
   * @throws UncheckedIOException where they are not told, as while the database is away
   */
  JsonNode attempts(String id) {
    HttpResponse<String> answer = get("/api/v1/tasks/" + id + "/attempts");
    if (answer.statusCode() != 200) {
      throw new UncheckedIOException(new IOException("status " + answer.statusCode()));
    }
    return json(answer).get("items");
  }

  static JsonNode json(HttpResponse<String> answer) {
    return json(answer.body());
  }

  static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(uri(path)).timeout(Duration.ofSeconds(30));
  }

  private HttpResponse<String> send(HttpRequest request) {
    try {
      return http.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /**
   * A port that nobody listens on, below those that the system gives to outgoing connections: one
   * of these could take it before the service does.
   */
  private static int freePort() {
    while (true) {
      int port = ThreadLocalRandom.current().nextInt(10_000, 32_000);
      try (ServerSocket socket = new ServerSocket(port)) {
        return socket.getLocalPort();
      } catch (IOException e) {
        // Taken; another one.
      }
    }
  }
}
