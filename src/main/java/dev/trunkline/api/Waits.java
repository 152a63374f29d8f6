package dev.trunkline.api;

import dev.trunkline.config.TrunklineConfig;
import dev.trunkline.task.Refusal;
import dev.trunkline.task.RefusedException;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The requests that wait for something to happen: long polls and event streams. Each costs memory
 * and a socket for as long as it lasts, so there are limits, for each client and for the process.
 *
 * <p>Thread-safe, and never blocks for long: it may be called on an I/O thread.
 */
@ApplicationScoped
public class Waits {

  private final int atMost;
  private final int atMostPerClient;
  private final CurrentVertxRequest request;
  private final Map<String, Integer> perClient = new HashMap<>();
  private int all;

  Waits(TrunklineConfig config, CurrentVertxRequest request) {
    this.atMost = config.limits().waits();
    this.atMostPerClient = config.limits().waitsPerClient();
    this.request = request;
  }

  /**
   * Counts one wait of the client whose request is at hand, until it is closed.
   *
   * @throws RefusedException where the client, or all together, have too many open
   */
  public Wait begin() {
    return begin(Client.of(request.getCurrent()));
  }

  synchronized Wait begin(String client) {
    int mine = perClient.getOrDefault(client, 0);
    if (mine >= atMostPerClient) {
      throw new Refusal.TooManyWaits("this client", atMostPerClient).exception();
    }
    if (all >= atMost) {
      throw new Refusal.TooManyWaits("the service", atMost).exception();
    }
    perClient.put(client, mine + 1);
    all++;
    return new Wait(client);
  }

  /** How many are open, of all clients. */
  public synchronized int open() {
    return all;
  }

  private synchronized void end(String client) {
    perClient.computeIfPresent(client, (_, count) -> count == 1 ? null : count - 1);
    all--;
  }

  /** One wait. It has to be closed however it ends; closing it again does nothing. */
  public final class Wait implements AutoCloseable {

    private final String client;
    private final AtomicBoolean open = new AtomicBoolean(true);

    private Wait(String client) {
      this.client = client;
    }

    @Override
    public void close() {
      if (open.getAndSet(false)) {
        end(client);
      }
    }
  }
}
