package dev.trunkline.it;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trunkline.it.history.Event;
import dev.trunkline.it.history.History;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;

/**
 * Clients that do not give up: one that gets no answer, or hears of a fault, submits again under
 * the same idempotency key, at whichever process is there. Thread-safe.
 */
final class Clients {

  /**
   * A submission.
   *
   * @param key its name in the history, and its idempotency key
   */
  record Order(String key, String type, String body) {

    /** For one of the suite's handlers. */
    static Order of(String type, String key, long ms, int failures, int maxAttempts) {
      return new Order(
          key,
          type,
          """
          {"type":"%s","maxAttempts":%d,"payload":{"key":"%s","ms":%d,"failures":%d}}\
          """
              .formatted(type, maxAttempts, key, ms, failures));
    }
  }

  private static final int CLIENTS = 16;
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final Duration PAUSE = Duration.ofMillis(50);

  private final Fleet fleet;
  private final History history;
  private final Queue<String> accepted = new ConcurrentLinkedQueue<>();
  private final Set<Integer> statuses = ConcurrentHashMap.newKeySet();

  Clients(Fleet fleet, History history) {
    this.fleet = fleet;
    this.history = history;
  }

  /** The ids of all tasks that were accepted. */
  Collection<String> accepted() {
    return accepted;
  }

  /** Every status that was answered. */
  Set<Integer> statuses() {
    return statuses;
  }

  /**
   * Several clients at once work off so many orders, evenly over the time; their threads end when
   * all are accepted.
   */
  List<Thread> submitAll(int orders, Duration over, long seed, IntFunction<Order> order) {
    AtomicInteger next = new AtomicInteger();
    long start = System.nanoTime();
    return IntStream.range(0, CLIENTS)
        .mapToObj(
            client ->
                Thread.ofVirtual()
                    .name("client-" + client)
                    .start(
                        () -> {
                          RandomGenerator random = new Random(seed + client);
                          int i = next.getAndIncrement();
                          while (i < orders) {
                            awaitTurn(start + over.toNanos() / orders * i);
                            submit(order.apply(i), random);
                            i = next.getAndIncrement();
                          }
                        }))
        .toList();
  }

  private static void awaitTurn(long nanoTime) {
    while (System.nanoTime() < nanoTime) {
      LockSupport.parkNanos(nanoTime - System.nanoTime());
    }
  }

  /** Until it is accepted. */
  void submit(Order order, RandomGenerator random) {
    if (!tryOnce(order, random)) {
      Awaitility.await(order.key())
          .pollInSameThread()
          .pollInterval(PAUSE)
          .atMost(PATIENCE)
          .until(() -> tryOnce(order, random));
    }
  }

  /** True where the order was accepted. */
  private boolean tryOnce(Order order, RandomGenerator random) {
    Optional<Service> door = fleet.door(random);
    return door.isPresent() && submitTo(door.get(), order);
  }

  /** Tries it once at this process; true where the order was accepted. */
  boolean submitTo(Service door, Order order) {
    try {
      return note(order, door.submit(order.body(), order.key()));
    } catch (UncheckedIOException e) {
      // Where there was no connection, nothing was sent.
      if (!(e.getCause() instanceof ConnectException)) {
        unknown(order, 0, e.getCause().toString());
      }
      return false;
    }
  }

  private boolean note(Order order, HttpResponse<String> answer) {
    statuses.add(answer.statusCode());
    if (answer.statusCode() == 202) {
      JsonNode task = Service.json(answer);
      String id = task.get("id").asText();
      boolean repeated = answer.headers().firstValue("Idempotency-Replayed").isPresent();
      Instant runAt = repeated ? null : Instant.parse(task.get("runAt").asText());
      history.add(new Event.Submitted(now(), client(), order.key(), id, order.type(), runAt));
      accepted.add(id);
      return true;
    }
    if (answer.statusCode() >= 500) {
      unknown(order, answer.statusCode(), answer.body());
      return false;
    }
    history.add(new Event.Refused(now(), client(), order.key(), answer.statusCode()));
    throw new IllegalStateException(answer.statusCode() + " " + answer.body());
  }

  private void unknown(Order order, int status, String why) {
    history.add(new Event.Unknown(now(), client(), order.key(), status, why));
  }

  private static String client() {
    return Thread.currentThread().getName();
  }

  private static Instant now() {
    return Instant.now();
  }
}
