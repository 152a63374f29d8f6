package dev.trunkline.it;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trunkline.it.history.Event;
import dev.trunkline.it.history.Event.Attempt;
import dev.trunkline.it.history.History;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * Asks for tasks, over HTTP at any process that is there and in the database, and writes down what
 * it is told.
 */
final class Observer {

  private static final int OVER_HTTP = 100;
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(10);

  private final Postgres database;
  private final Fleet fleet;
  private final History history;
  private Thread watcher;
  private volatile boolean watching = true;

  Observer(Postgres database, Fleet fleet, History history) {
    this.database = database;
    this.fleet = fleet;
    this.history = history;
  }

  /** Looks at one task after another while the scenario burns, until told to stop. */
  void watch(Collection<String> tasks, long seed) {
    watcher =
        Thread.ofPlatform()
            .name("watcher")
            .start(
                () -> {
                  RandomGenerator random = new Random(seed);
                  while (watching) {
                    tasks.stream()
                        .skip(random.nextInt(Math.max(1, tasks.size())))
                        .findFirst()
                        .ifPresent(task -> observe(task, random));
                    LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
                  }
                });
  }

  void stopWatching() {
    watching = false;
    try {
      watcher.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Looks at each task with all its attempts, when none is open any more or the time is over: at
   * all of them in the database, and at some of them over HTTP too, for the two must agree.
   */
  void awaitFinal(Collection<String> tasks, Duration atMost, long seed) {
    long end = System.nanoTime() + atMost.toNanos();
    Awaitility.await()
        .pollInterval(Duration.ofMillis(200))
        .atMost(atMost.plusSeconds(10))
        .until(() -> countOpen() == 0 || System.nanoTime() > end);
    observeAll(tasks);
    RandomGenerator random = new Random(seed);
    List<String> all = List.copyOf(tasks);
    Stream.generate(() -> all.get(random.nextInt(all.size())))
        .limit(OVER_HTTP)
        .distinct()
        .forEach(task -> observe(task, random));
  }

  private long countOpen() {
    return database.count("select count(*) from trunkline.task where state = 'open'");
  }

  private void observeAll(Collection<String> tasks) {
    Instant asked = Instant.now();
    Map<String, Event.Observed> seen = ObserverSql.read(database.url(), asked);
    for (String task : tasks) {
      Event.Observed state = seen.get(task);
      if (state == null) {
        note(asked, task, "missing", 0, Instant.EPOCH, null);
      } else {
        history.add(state);
      }
    }
  }

  /** True where the task was seen in a final state. */
  private boolean observe(String id, RandomGenerator random) {
    Optional<Service> door = fleet.door(random);
    if (door.isEmpty()) {
      return false;
    }
    try {
      Instant asked = Instant.now();
      HttpResponse<String> answer = door.get().get("/api/v1/tasks/" + id);
      if (answer.statusCode() == 404) {
        return note(asked, id, "missing", 0, Instant.EPOCH, null);
      }
      if (answer.statusCode() != 200) {
        return false;
      }
      JsonNode task = Service.json(answer);
      boolean isFinal = !task.get("finishedAt").isNull();
      return note(
          asked,
          id,
          task.get("state").asText(),
          task.get("attempt").asInt(),
          Instant.parse(task.get("runAt").asText()),
          isFinal ? attempts(door.get(), id) : null);
    } catch (UncheckedIOException e) {
      return false;
    }
  }

  private boolean note(
      Instant asked, String id, String state, int attempt, Instant runAt, List<Attempt> attempts) {
    history.add(
        new Event.Observed(Instant.now(), "observer", asked, id, state, attempt, runAt, attempts));
    return !List.of("scheduled", "queued", "running", "missing").contains(state);
  }

  private static List<Attempt> attempts(Service door, String id) {
    List<Attempt> attempts = new ArrayList<>();
    for (JsonNode attempt : door.attempts(id)) {
      attempts.add(
          new Attempt(
              attempt.get("number").asInt(),
              attempt.path("worker").asText(null),
              time(attempt.get("started")),
              time(attempt.get("finished")),
              attempt.get("outcome").asText()));
    }
    return attempts;
  }

  private static Instant time(JsonNode time) {
    return time.isNull() ? null : Instant.parse(time.asText());
  }
}
