package dev.trunkline.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.trunkline.it.fuzz.Contract;
import dev.trunkline.it.fuzz.Findings;
import dev.trunkline.it.fuzz.FuzzAnswer;
import dev.trunkline.it.fuzz.FuzzClient;
import dev.trunkline.it.fuzz.FuzzRequest;
import dev.trunkline.it.fuzz.Judge;
import dev.trunkline.it.fuzz.Ledger;
import dev.trunkline.it.fuzz.Pool;
import dev.trunkline.it.fuzz.Requests;
import dev.trunkline.it.fuzz.Schemas;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.sessions.JqwikSession;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/**
 * Requests made up from the OpenAPI document, at the packaged service: every operation, as the
 * document says and not quite so. {@code -Dfuzz.requests=100000} sends so many, {@code
 * -Dfuzz.seed=…} the same again, as far as the service gives the same ids away.
 */
class FuzzIT {

  private static final int CLIENTS = 12;
  private static final List<String> REMEMBERED = List.of("id", "queue", "name", "worker");
  private static final Map<String, String> SETTINGS =
      Map.of("trunkline.auth.mode", "none", "trunkline.chess.max-time", "100ms");

  private final long seed =
      Long.getLong("fuzz.seed", ThreadLocalRandom.current().nextLong(1_000_000));
  private final int requests = Integer.getInteger("fuzz.requests", 6_000);
  private final Findings findings = new Findings();
  private final Pool pool = new Pool();
  private final Ledger ledger = new Ledger();
  private long repeated;
  private long repeatedPosts;

  @Test
  void whateverIsSentTheAnswerIsAsDocumentedAndNothingIsHalfDone() throws Exception {
    System.out.printf("fuzz: %d requests, -Dfuzz.seed=%d%n", requests, seed);
    try (Postgres database = new Postgres();
        Service service = Service.start(database, SETTINGS)) {
      long start = System.nanoTime();
      fuzz(service);
      long millis = (System.nanoTime() - start) / 1_000_000;
      System.out.printf(
          "fuzz: %d requests in %d ms, %d sent once more, of these %d POST%n%s%n",
          requests, millis, repeated, repeatedPosts, findings.statuses());
      assertThat(findings.areNone()).as("seed %d%n%s", seed, findings).isTrue();
      FuzzSql.assertHolds(database, ledger, repeatedPosts);
      FuzzSql.assertConsistent(database);
      assertHealthy(service);
    }
  }

  private void fuzz(Service service) throws InterruptedException {
    JsonNode document = Service.json(service.get("/q/openapi?format=json"));
    Contract contract = Contract.read(document);
    Schemas schemas = new Schemas(contract.components());
    JsonNode problem =
        JsonNodeFactory.instance.objectNode().put("$ref", "#/components/schemas/Problem");
    Judge judge = new Judge(schemas, problem, pages(service));
    AtomicInteger next = new AtomicInteger();
    List<Thread> threads = new ArrayList<>();
    try (FuzzClient client = new FuzzClient(service.port(), 2 * CLIENTS)) {
      for (int i = 0; i < CLIENTS; i++) {
        Runnable work = () -> work(client, contract, schemas, judge, next);
        threads.add(Thread.ofPlatform().start(() -> JqwikSession.run(work::run)));
      }
      for (Thread thread : threads) {
        thread.join();
      }
      repeated = client.repeated();
      repeatedPosts = client.repeatedPosts();
      client.repeatedDeletions().forEach(ledger::forget);
    }
  }

  private void work(
      FuzzClient client, Contract contract, Schemas schemas, Judge judge, AtomicInteger next) {
    Requests made = new Requests(contract, schemas, pool);
    for (int i = next.getAndIncrement(); i < requests; i = next.getAndIncrement()) {
      FuzzRequest request = made.next(new Random(seed * 1_000_003 + i));
      try {
        judge(i, request, client.send(request), judge);
      } catch (ExecutionException | TimeoutException e) {
        findings.add(i, request, "no answer: " + e, "");
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private void judge(int number, FuzzRequest request, FuzzAnswer answer, Judge judge) {
    findings.count(request, answer.status());
    judge.faults(request, answer).forEach(fault -> findings.add(number, request, fault, answer));
    ledger.enter(request, answer);
    if (answer.status() < 300 && answer.type().equals("application/json")) {
      remember(request.operation().id(), Service.json(answer.text()));
    }
    if (answer.status() == 200 && answer.text().contains("\"next\":\"")) {
      pool.add("cursor", Service.json(answer.text()).path("next").asText());
    }
    answer.header("ETag").ifPresent(tag -> pool.add("If-None-Match", tag));
  }

  private void remember(String operation, JsonNode answer) {
    if (operation.equals("leaseTasks")) {
      // Elsewhere a token may be one that was made up, and is only repeated.
      pool.addAll(answer, List.of("token"));
    } else if (operation.equals("listProblems")) {
      answer
          .path("items")
          .forEach(page -> pool.add("name", page.path("type").asText().substring(10)));
    }
    pool.addAll(answer, REMEMBERED);
  }

  private static Set<String> pages(Service service) {
    Set<String> types = new HashSet<>();
    Service.json(service.get("/problems", "application/json"))
        .get("items")
        .forEach(page -> types.add(page.get("type").asText()));
    return types;
  }

  private static void assertHealthy(Service service) {
    assertThat(service.process().isAlive()).isTrue();
    assertThat(service.status("/q/health/live")).isEqualTo(200);
    assertThat(service.status("/q/health/ready")).isEqualTo(200);
    String id = service.submit("{\"type\":\"noop\",\"payload\":1,\"queue\":\"after-the-storm\"}");
    Awaitility.await().until(() -> service.task(id).get("state").asText().equals("succeeded"));
    assertThat(service.log()).doesNotContain("\"level\":\"ERROR\"");
  }
}
