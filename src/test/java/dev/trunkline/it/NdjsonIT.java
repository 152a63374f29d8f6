package dev.trunkline.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.trunkline.api.LineClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Batches of very many lines, through a process with a heap of 256 MB. */
class NdjsonIT {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int LINES = Fire.count(200_000, 1_000_000);
  private static final String LINE = "{\"type\":\"noop\",\"payload\":1}\n";
  private static final int LINES_IN_A_CHUNK = 1_000;

  /** The client reads while it sends, or sends all before it reads any. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aMillionLinesGoThroughOneRequestInConstantMemory(boolean whileSending) throws Exception {
    try (Postgres database = new Postgres();
        Service service = Service.start(database, Map.of("trunkline.worker.enabled", "false"));
        LineClient client = LineClient.batch(service.port())) {
      long begun = System.nanoTime();
      CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> sendAll(client));
      if (!whileSending) {
        sending.join();
      }
      assertThat(client.head().getFirst()).isEqualTo("HTTP/1.1 200 OK");
      Set<UUID> ids = idsInOrder(client);
      sending.join();
      System.out.printf(
          "%,d lines, read %s: %.1f s%n",
          LINES,
          whileSending ? "while sending" : "afterwards",
          Duration.ofNanos(System.nanoTime() - begun).toMillis() / 1_000.0);

      assertThat(ids).hasSize(LINES);
      assertThat(database.count("select count(*) from trunkline.task")).isEqualTo(LINES);
      assertThat(database.count("select count(*) from trunkline.ready")).isEqualTo(LINES);
      assertThat(service.process().isAlive()).isTrue();
      assertThat(service.log()).doesNotContain("OutOfMemoryError").doesNotContain("ERROR");
      assertThat(service.status("/q/health/live")).isEqualTo(200);
    }
  }

  /** What is stored is a beginning of the stream, so a client can go on from there. */
  @Test
  void whenTheDatabaseGoesAwayTheRestIsRefusedAndCanBeSentAgain() throws Exception {
    try (Postgres database = new Postgres();
        Service service = Service.start(database, Map.of("trunkline.worker.enabled", "false"))) {
      List<JsonNode> answers = new ArrayList<>();
      try (LineClient client = LineClient.batch(service.port())) {
        client.send(keyed(1)).flush();
        client.head();
        answers.add(json(client.line()));
        database.stopHard();
        for (int i = 2; i <= 3_000; i++) {
          client.send(keyed(i));
        }
        client.end();
        client.lines().forEach(line -> answers.add(json(line)));
      }
      assertThat(answers).hasSize(3_000);
      assertThat(answers.getFirst().has("id")).isTrue();
      assertThat(answers.subList(1, 3_000))
          .allSatisfy(
              answer -> {
                assertThat(answer.at("/problem/status").asInt()).isEqualTo(503);
                assertThat(answer.at("/problem/type").asText())
                    .isEqualTo("/problems/database-unavailable");
              });

      database.startAgain();
      Awaitility.await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> service.status("/q/health/ready") == 200);
      try (LineClient client = LineClient.batch(service.port())) {
        for (int i = 1; i <= 3_000; i++) {
          client.send(keyed(i));
        }
        client.end();
        client.head();
        assertThat(client.lines()).hasSize(3_000).noneMatch(line -> line.contains("problem"));
      }
      assertThat(database.count("select count(*) from trunkline.task")).isEqualTo(3_000);
    }
  }

  private static void sendAll(LineClient client) {
    try {
      String chunk = LINE.repeat(LINES_IN_A_CHUNK);
      for (int sent = 0; sent < LINES; sent += LINES_IN_A_CHUNK) {
        client.send(chunk);
      }
      client.end();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Set<UUID> idsInOrder(LineClient client) throws IOException {
    Set<UUID> ids = new HashSet<>();
    int number = 0;
    for (String line = client.line(); line != null; line = client.line()) {
      String before = "{\"line\":" + ++number + ",\"id\":\"";
      assertThat(line).startsWith(before).endsWith("\"}");
      ids.add(UUID.fromString(line.substring(before.length(), line.length() - 2)));
    }
    return ids;
  }

  private static String keyed(int number) {
    return "{\"type\":\"noop\",\"payload\":%1$d,\"idempotencyKey\":\"line-%1$d\"}\n"
        .formatted(number);
  }

  private static JsonNode json(String line) {
    try {
      return JSON.readTree(line);
    } catch (JsonProcessingException e) {
      throw new AssertionError(line, e);
    }
  }
}
