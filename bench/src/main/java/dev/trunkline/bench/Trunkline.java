package dev.trunkline.bench;

import dev.trunkline.bench.DatabaseServer.Database;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** The packaged service in a process of its own, and its clients over HTTP. */
final class Trunkline implements Contender {

  private static final String TASKS = "/api/v1/tasks";
  private static final Path JAR =
      Path.of("bench", "target", "service", "quarkus-app", "quarkus-run.jar");
  private static final int LINES_AT_ONCE = 1_000;
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  private final String name;
  private final Map<String, String> settings;
  private final Database database;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final int port = freePort();
  private final Process process;

  Trunkline(String name, Map<String, String> settings, Database database) {
    this.name = name;
    this.settings = settings;
    this.database = database;
    this.process = start();
  }

  private Process start() {
    List<String> command = new ArrayList<>();
    command.add(Processes.JAVA);
    // For a profiler, say.
    String options = System.getenv().getOrDefault("BENCH_JAVA_OPTIONS", "");
    command.addAll(List.of(options.isBlank() ? new String[0] : options.split(" ")));
    Map<String, String> properties = new LinkedHashMap<>();
    properties.put("quarkus.datasource.jdbc.url", database.jdbcUrl());
    properties.put("quarkus.http.host", "127.0.0.1");
    properties.put("quarkus.http.port", String.valueOf(port));
    properties.put("trunkline.auth.mode", "none");
    properties.put("trunkline.examples.enabled", "true");
    properties.putAll(settings);
    properties.forEach((key, value) -> command.add("-D" + key + "=" + value));
    command.add("-jar");
    command.add(JAR.toString());
    try {
      return new ProcessBuilder(command)
          .redirectOutput(Logs.of(name))
          .redirectError(Logs.of(name))
          .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Map<String, Object> setUp() {
    await(this::isReady, "ready");
    command("pause");
    return Map.of("settings", settings);
  }

  @Override
  public Count load(int tasks, int bytes) {
    return stream(tasks, "\"payload\":" + Payloads.ofBytes(bytes));
  }

  @Override
  public Count schedule(int tasks, int bytes) {
    return stream(tasks, "\"delay\":\"P7D\",\"payload\":" + Payloads.ofBytes(bytes));
  }

  @Override
  public Count drain(int tasks) {
    String before = database.text("select clock_timestamp()");
    double done = updates();
    command("resume");
    await(() -> updates() >= done + tasks, tasks + " tasks done");
    command("pause");
    return ended(before);
  }

  @Override
  public Count submit(int callers, Duration duration, int bytes) {
    return post(callers, duration, TASKS, bytes);
  }

  /** As {@link #submit}, to an address that does the same but for the SQL. */
  Count withoutSql(int callers, Duration duration, int bytes) {
    return post(callers, duration, "/bench/json", bytes);
  }

  /** {@code TaskQueue.submitEach} in batches of a hundred, in the service's own process. */
  Count inProcess(int tasks, int bytes) {
    String answer =
        post("/bench/batches?tasks=%d&bytes=%d".formatted(tasks, bytes), BodyPublishers.noBody());
    return new Count(tasks, Double.parseDouble(answer));
  }

  @Override
  public Latency latency(int rate, Duration duration, int bytes) {
    command("resume");
    try (HttpLoad load = new HttpLoad(port, 16)) {
      String body = "{\"type\":\"bench.clock\",\"payload\":" + Payloads.ofBytes(bytes) + "}";
      load.steady(rate, Duration.ofSeconds(5), TASKS, body);
      Map<String, Long> answers = load.steady(rate, duration, TASKS, body);
      pauseFor(Duration.ofSeconds(2));
      return Latency.of(started(answers));
    } finally {
      command("pause");
    }
  }

  @Override
  public void idle(Duration duration) {
    command("resume");
    pauseFor(duration);
  }

  @Override
  public ProcessHandle process() {
    return process.toHandle();
  }

  @Override
  public void close() {
    process.destroy();
    Processes.awaitEnd(process, Duration.ofSeconds(30));
  }

  private void command(String command) {
    post("/api/v1/queues/default/" + command, BodyPublishers.noBody());
  }

  private Count post(int callers, Duration duration, String path, int bytes) {
    try (HttpLoad load = new HttpLoad(port, callers)) {
      String body = "{\"type\":\"noop\",\"payload\":" + Payloads.ofBytes(bytes) + "}";
      return load.closed(callers, duration, path, body);
    }
  }

  private String post(String path, BodyPublisher body) {
    HttpResponse<String> answer = send(request(path).POST(body).build(), BodyHandlers.ofString());
    if (answer.statusCode() >= 300) {
      throw new IllegalStateException(path + ": " + answer.statusCode() + " " + answer.body());
    }
    return answer.body();
  }

  private Count stream(int tasks, String fields) {
    String line = "{\"type\":\"noop\"," + fields + "}\n";
    long start = System.nanoTime();
    HttpRequest request =
        request(TASKS + "/batch")
            .header("Content-Type", "application/x-ndjson")
            .POST(BodyPublishers.ofInputStream(() -> lines(line, tasks)))
            .build();
    long answered = lines(send(request, BodyHandlers.ofInputStream()));
    if (answered != tasks) {
      throw new IllegalStateException(answered + " answers to " + tasks + " lines");
    }
    return new Count(tasks, (System.nanoTime() - start) / 1e9);
  }

  private static InputStream lines(String line, int times) {
    byte[] many = line.repeat(LINES_AT_ONCE).getBytes(StandardCharsets.UTF_8);
    byte[] rest = line.repeat(times % LINES_AT_ONCE).getBytes(StandardCharsets.UTF_8);
    List<InputStream> parts = new ArrayList<>();
    for (int i = 0; i < times / LINES_AT_ONCE; i++) {
      parts.add(new ByteArrayInputStream(many));
    }
    parts.add(new ByteArrayInputStream(rest));
    return new SequenceInputStream(Collections.enumeration(parts));
  }

  private static long lines(HttpResponse<InputStream> answer) {
    byte[] buffer = new byte[1 << 16];
    long lines = 0;
    try (InputStream body = answer.body()) {
      for (int read; (read = body.read(buffer)) >= 0; ) {
        for (int i = 0; i < read; i++) {
          lines += buffer[i] == '\n' ? 1 : 0;
        }
      }
      return lines;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** From the first lease to the last end, by the database's clock. */
  private Count ended(String since) {
    String sql =
        """
        select count(*), extract(epoch from max(finished_at) - min(started_at))
        from trunkline.task where started_at >= '%s' and state = 'succeeded'
        """
            .formatted(since);
    try (Connection connection = database.connect();
        ResultSet row = connection.createStatement().executeQuery(sql)) {
      row.next();
      return new Count(row.getLong(1), row.getDouble(2));
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** In milliseconds, from the answer to the handler's start, which the task has as its result. */
  private double[] started(Map<String, Long> answers) {
    List<Double> latencies = new ArrayList<>();
    String sql =
        "select id::text, result::text::bigint from trunkline.task where id = any(?::uuid[])";
    try (Connection connection = database.connect();
        PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setArray(1, connection.createArrayOf("text", answers.keySet().toArray()));
      ResultSet rows = statement.executeQuery();
      while (rows.next()) {
        latencies.add((rows.getLong(2) - answers.get(rows.getString(1))) / 1e3);
      }
      return latencies.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Attempts that ended since the database is there, as the statistics have it; cheap to ask. */
  private double updates() {
    return database.number(
        "select n_tup_upd from pg_stat_user_tables"
            + " where schemaname = 'trunkline' and relname = 'task'");
  }

  private boolean isReady() {
    try {
      return send(request("/q/health/ready").build(), BodyHandlers.discarding()).statusCode()
          == 200;
    } catch (UncheckedIOException e) {
      return false;
    }
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
  }

  private <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> handler) {
    try {
      return http.send(request, handler);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private void await(BooleanSupplier condition, String what) {
    long start = System.nanoTime();
    while (!condition.getAsBoolean()) {
      if (!process.isAlive() || System.nanoTime() - start > PATIENCE.toNanos()) {
        throw new IllegalStateException(name + ": not " + what + "; see " + Logs.file(name));
      }
      pauseFor(Duration.ofMillis(50));
    }
  }

  private static void pauseFor(Duration duration) {
    try {
      Thread.sleep(duration);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
