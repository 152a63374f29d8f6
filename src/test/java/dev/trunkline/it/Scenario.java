package dev.trunkline.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trunkline.it.history.Event;
import dev.trunkline.it.history.History;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * What every scenario needs: a seed, a history, a database of its own, processes, clients, and an
 * observer who looks at accepted tasks all the time.
 */
final class Scenario implements AutoCloseable {

  final long seed = Fire.seed();
  final Random random = new Random(seed);
  final History history;
  final Postgres database;
  final Fleet fleet;
  final Clients clients;
  private final Observer observer;

  /** Starts the processes, with leases as short as they may be. */
  Scenario(String name, Map<String, String> settings, String... workers) {
    history = History.begin(name, seed);
    database = new Postgres();
    fleet = new Fleet(database, history, settings, List.of(workers));
    clients = new Clients(fleet, history);
    observer = new Observer(database, fleet, history);
    observer.watch(clients.accepted(), seed);
  }

  /** Waits until every accepted task is final, and asserts that the history breaks no rule. */
  List<Event> judge(Duration patience) throws InterruptedException {
    fleet.awaitAll();
    observer.awaitFinal(clients.accepted(), patience, seed);
    assertThat(history.violations()).as("seed %d", seed).isEmpty();
    return history.merged();
  }

  /** How every accepted task was seen last. */
  static List<Event.Observed> ends(List<Event> events) {
    return events.stream()
        .filter(Event.Observed.class::isInstance)
        .map(Event.Observed.class::cast)
        .filter(observed -> observed.attempts() != null)
        .toList();
  }

  @Override
  public void close() {
    observer.stopWatching();
    fleet.close();
    database.close();
    history.close();
  }
}
