package dev.trunkline.it;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trunkline.it.history.Event;
import dev.trunkline.it.history.History;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Clients that submit all the time, one task after the other, and write down what they are told.
 * One that gets no clear answer submits the same again under its key until there is one, as the
 * contract has it.
 */
final class Load implements AutoCloseable {

  private static final Duration PAUSE = Duration.ofMillis(40);

  private final History history;
  private final Set<String> accepted = new ConcurrentSkipListSet<>();
  private final Set<Integer> statuses = ConcurrentHashMap.newKeySet();
  private final List<Thread> clients = new ArrayList<>();
  private final AtomicInteger keys = new AtomicInteger();
  private volatile boolean going = true;

  Load(History history) {
    this.history = history;
  }

  /**
   * One more client.
   *
   * @param body of a submission, with {@code %s} where its key is to stand
   */
  Load client(Service door, String type, String body) {
    String who = "client-" + clients.size();
    clients.add(
        Thread.ofVirtual()
            .start(
                () -> {
                  while (going) {
                    submit(who, door, type, body);
                    LockSupport.parkNanos(PAUSE.toNanos());
                  }
                }));
    return this;
  }

  /** The ids of the tasks that were accepted so far. */
  Set<String> accepted() {
    return accepted;
  }

  /** Every status that a submission was answered with. */
  Set<Integer> statuses() {
    return statuses;
  }

  /** No further submission is begun; those that are under way get their answer. */
  void stop() {
    going = false;
    for (Thread client : clients) {
      try {
        client.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  /** Looks at every accepted task once more, and writes down what it has become. */
  void observe(Service service) {
    accepted.parallelStream().forEach(id -> observe(service, id));
  }

  @Override
  public void close() {
    stop();
  }

  private void observe(Service service, String id) {
    Instant asked = Instant.now();
    JsonNode task = service.task(id);
    List<Event.Attempt> attempts = new ArrayList<>();
    for (JsonNode attempt : service.attempts(id)) {
      attempts.add(
          new Event.Attempt(
              attempt.get("number").asInt(),
              attempt.get("worker").asText(),
              time(attempt.get("startedAt")),
              time(attempt.get("finishedAt")),
              attempt.get("outcome").asText()));
    }
    history.add(
        new Event.Observed(
            Instant.now(),
            "observer",
            asked,
            id,
            task.get("state").asText(),
            task.get("attempt").asInt(),
            time(task.get("runAt")),
            attempts));
  }

  private static Instant time(JsonNode value) {
    return value == null || value.isNull() ? null : Instant.parse(value.asText());
  }

  private void submit(String who, Service door, String type, String body) {
    String key = who + "-" + keys.incrementAndGet();
    while (!submitOnce(who, key, door, type, body.formatted(key)) && going) {
      LockSupport.parkNanos(PAUSE.toNanos());
    }
  }

  /** False where the client does not know. */
  private boolean submitOnce(String who, String key, Service door, String type, String body) {
    try {
      HttpResponse<String> answer = door.submit(body, key);
      statuses.add(answer.statusCode());
      if (answer.statusCode() == 202) {
        JsonNode task = Service.json(answer);
        String id = task.get("id").asText();
        Instant due = time(task.get("runAt"));
        history.add(new Event.Submitted(Instant.now(), who, key, id, type, due));
        accepted.add(id);
        return true;
      }
      int status = answer.statusCode();
      history.add(new Event.Unknown(Instant.now(), who, key, status, answer.body()));
      return false;
    } catch (UncheckedIOException e) {
      history.add(new Event.Unknown(Instant.now(), who, key, 0, e.toString()));
      return false;
    }
  }
}
