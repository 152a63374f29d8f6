package dev.trunkline.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trunkline.it.EventSource.Message;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Clients that wait for tasks, by long polls and by streams of events. */
@Timeout(300)
class WatchersIT {

  private static final int CROWD = 1_000;
  private static final String TASKS = "/api/v1/tasks";
  private static final String LATER = "{\"type\":\"noop\",\"payload\":7,\"delay\":\"PT1H\"}";
  private static final Map<String, String> WATCHING =
      Map.of(
          "trunkline.worker.enabled", "false",
          "trunkline.wait.max", "5m",
          "quarkus.datasource.jdbc.max-size", "10",
          "quarkus.datasource.jdbc.additional-jdbc-properties.ApplicationName", "watching");

  private static final String DUE_NOW =
      """
      with due as (
        update trunkline.task set run_at = clock_timestamp() where state = 'open'
        returning id, run_at
      ), moved as (
        update trunkline.ready set due = due.run_at from due where task_id = due.id
      )
      select pg_notify('trunkline', '')
      """;

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  @Test
  void aThousandStreamsAndAThousandLongPollsOnOneProcessAreServedWithAPoolOfTenConnections()
      throws Exception {
    try (Postgres database = new Postgres();
        Service watching = Service.start(database, WATCHING);
        Service working = Service.start(database, Map.of());
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<String> ids = all(threads, CROWD, () -> working.submit(LATER));
      List<CompletableFuture<HttpResponse<String>>> polls =
          ids.stream().map(id -> poll(watching, id)).toList();
      List<EventSource> streams = new ArrayList<>();
      for (String id : ids) {
        streams.add(EventSource.open(watching.uri(TASKS + "/" + id + "/events")));
      }
      awaitMetric(watching, "trunkline_streams", CROWD);
      awaitMetric(watching, "trunkline_waits", CROWD);

      Future<Long> most = threads.submit(() -> mostConnections(database, working));
      database.execute(DUE_NOW);

      for (CompletableFuture<HttpResponse<String>> poll : polls) {
        assertThat(poll.get().statusCode()).isEqualTo(200);
        assertThat(Service.json(poll.get()).get("state").asText()).isEqualTo("succeeded");
      }
      for (EventSource stream : streams) {
        List<Message> messages = stream.rest();
        assertThat(messages).extracting(Message::id).doesNotHaveDuplicates();
        assertThat(messages.getFirst().data()).contains("\"state\":\"scheduled\"");
        assertThat(messages.getLast().data()).contains("\"state\":\"succeeded\"");
        stream.close();
      }
      assertThat(most.get()).as("ten, and two for readiness").isBetween(1L, 12L);
      awaitMetric(watching, "trunkline_watched_tasks", 0);
    }
  }

  @Test
  void whoeverWaitsIsAnsweredBeforeTheProcessLeavesAndHoldsItUpForNobody() throws Exception {
    try (Postgres database = new Postgres();
        Service watching = Service.start(database, WATCHING)) {
      String id = watching.submit(LATER);
      CompletableFuture<HttpResponse<String>> poll = poll(watching, id);
      EventSource stream = EventSource.open(watching.uri(TASKS + "/" + id + "/events"));
      awaitMetric(watching, "trunkline_waits", 1);

      watching.terminate();

      assertThat(poll.get().statusCode()).isEqualTo(200);
      assertThat(Service.json(poll.get()).get("state").asText()).isEqualTo("scheduled");
      assertThat(stream.rest()).hasSize(1);
      assertThat(watching.process().waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(watching.log()).doesNotContain("Timed out waiting for graceful shutdown");
    }
  }

  @Test
  void whileTheDatabaseIsAwayStreamsStayAndAcceptedTasksAreAcceptedTasks() throws Exception {
    try (Postgres database = new Postgres();
        Service service = Service.start(database, Map.of())) {
      String id = service.submit(LATER);
      EventSource stream = EventSource.open(service.uri(TASKS + "/" + id + "/events"));
      stream.next();
      CompletableFuture<HttpResponse<String>> patient = poll(service, id);
      CompletableFuture<HttpResponse<String>> hasty = send(request(service, id, 4).GET());
      CompletableFuture<HttpResponse<String>> submission =
          send(
              request(service, "", 4)
                  .header("Content-Type", "application/json")
                  .POST(HttpRequest.BodyPublishers.ofString(LATER)));
      awaitMetric(service, "trunkline_waits", 3);
      database.stopHard();

      assertThat(hasty.get().statusCode()).isEqualTo(503);
      assertThat(hasty.get().headers().firstValue("Retry-After")).isPresent();
      assertThat(submission.get().statusCode()).isEqualTo(202);
      assertThat(Service.json(submission.get()).get("state").asText()).isEqualTo("scheduled");
      assertThat(patient).isNotDone();

      database.startAgain();
      Awaitility.await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> service.status("/q/health/ready") == 200);
      database.execute(DUE_NOW);
      assertThat(patient.get().statusCode()).isEqualTo(200);
      assertThat(Service.json(patient.get()).get("state").asText()).isEqualTo("succeeded");
      assertThat(stream.rest().getLast().data()).contains("\"state\":\"succeeded\"");
    }
  }

  private CompletableFuture<HttpResponse<String>> poll(Service service, String id) {
    return send(request(service, id, 300).GET());
  }

  private CompletableFuture<HttpResponse<String>> send(HttpRequest.Builder request) {
    return http.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private static HttpRequest.Builder request(Service service, String id, int wait) {
    return HttpRequest.newBuilder(service.uri(TASKS + (id.isEmpty() ? "" : "/" + id)))
        .header("Prefer", "wait=" + wait);
  }

  private static <T> List<T> all(ExecutorService threads, int count, Callable<T> what)
      throws Exception {
    List<T> answers = new ArrayList<>();
    for (int i = 0; i < count; i += 50) {
      for (Future<T> answer : threads.invokeAll(Collections.nCopies(50, what))) {
        answers.add(answer.get());
      }
    }
    return answers;
  }

  /** Of the watching process, as long as there is a task that has not ended. */
  private static long mostConnections(Postgres database, Service working) {
    long most = 0;
    do {
      most =
          Math.max(
              most,
              database.count(
                  "select count(*) from pg_stat_activity where application_name = 'watching'"));
    } while (working.process().isAlive()
        && database.count("select count(*) from trunkline.task where state = 'open'") > 0);
    return most;
  }

  private static void awaitMetric(Service service, String name, long value) {
    Awaitility.await(name)
        .atMost(Duration.ofSeconds(90))
        .pollInterval(Duration.ofMillis(100))
        .until(
            () ->
                service
                    .get("/q/metrics")
                    .body()
                    .lines()
                    .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
                    .anyMatch(
                        line ->
                            Double.parseDouble(line.substring(line.lastIndexOf(' '))) == value));
  }
}
