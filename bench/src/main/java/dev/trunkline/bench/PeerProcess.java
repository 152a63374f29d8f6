package dev.trunkline.bench;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A contender in a process of its own that is told by lines what to do, and answers in JSON. */
final class PeerProcess implements Contender {

  private static final Duration PATIENCE = Duration.ofMinutes(10);
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final String name;
  private final Process process;
  private final BufferedWriter commands;
  private final BufferedReader answers;

  PeerProcess(String name, List<String> command, DatabaseServer.Database database) {
    this.name = name;
    try {
      ProcessBuilder builder = new ProcessBuilder(command).redirectError(Logs.of(name));
      builder.environment().put("BENCH_DATABASE_URL", database.url().toString());
      this.process = builder.start();
      this.commands = process.outputWriter();
      this.answers = process.inputReader();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Map<String, Object> setUp() {
    return MAPPER.convertValue(ask("setup"), new TypeReference<>() {});
  }

  @Override
  public Count load(int tasks, int bytes) {
    return count(ask("load", tasks, bytes));
  }

  @Override
  public Count schedule(int tasks, int bytes) {
    return count(ask("schedule", tasks, bytes));
  }

  @Override
  public Count drain(int tasks) {
    return count(ask("drain", tasks));
  }

  @Override
  public Count submit(int callers, Duration duration, int bytes) {
    return count(ask("submit", callers, duration.toSeconds(), bytes));
  }

  @Override
  public Latency latency(int rate, Duration duration, int bytes) {
    return MAPPER.convertValue(ask("latency", rate, duration.toSeconds(), bytes), Latency.class);
  }

  @Override
  public void idle(Duration duration) {
    ask("idle", duration.toSeconds());
  }

  @Override
  public ProcessHandle process() {
    return process.toHandle();
  }

  @Override
  public void close() {
    try {
      send("quit");
    } catch (IOException e) {
      process.destroyForcibly();
    }
    Processes.awaitEnd(process, Duration.ofSeconds(10));
  }

  private static Count count(JsonNode answer) {
    return new Count(answer.path("tasks").asLong(), answer.path("seconds").asDouble());
  }

  /** One that does not answer in time is ended. */
  private JsonNode ask(String command, Object... arguments) {
    CompletableFuture<Void> answered = new CompletableFuture<>();
    var _ =
        answered
            .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
            .exceptionally(
                _ -> {
                  process.destroyForcibly();
                  return null;
                });
    try {
      send(command, arguments);
      String line = answers.readLine();
      if (line == null) {
        throw new IllegalStateException(name + " has ended; see " + Logs.file(name));
      }
      JsonNode answer = MAPPER.readTree(line);
      if (answer.has("error")) {
        throw new IllegalStateException(name + ": " + answer.path("error").asText());
      }
      return answer;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      answered.complete(null);
    }
  }

  private void send(String command, Object... arguments) throws IOException {
    StringBuilder line = new StringBuilder(command);
    for (Object argument : arguments) {
      line.append(' ').append(argument);
    }
    commands.write(line.append('\n').toString());
    commands.flush();
  }
}
