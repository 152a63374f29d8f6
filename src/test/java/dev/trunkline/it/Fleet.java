package dev.trunkline.it;

import dev.trunkline.it.history.History;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.random.RandomGenerator;

/**
 * Worker processes with the suite's handlers on one database. Each has a name and one life after
 * another. Signals come from one thread; doors may be asked for by many.
 */
final class Fleet implements AutoCloseable {

  private final Postgres database;
  private final History history;
  private final Map<String, String> settings;
  private final List<String> names;
  private final Map<String, Service> members = new ConcurrentHashMap<>();
  private final Set<String> open = ConcurrentHashMap.newKeySet();
  private final Map<String, Integer> lives = new ConcurrentHashMap<>();
  private final List<Thread> starting = new ArrayList<>();

  /** Starts them all at once, and waits until each takes requests. */
  Fleet(Postgres database, History history, Map<String, String> settings, List<String> names) {
    this.database = database;
    this.history = history;
    this.settings = settings;
    this.names = new CopyOnWriteArrayList<>(names);
    names.forEach(this::launch);
    names.forEach(this::opens);
  }

  List<String> names() {
    return names;
  }

  Service member(String name) {
    return members.get(name);
  }

  /** A process that took requests when it was looked at last; empty where none did. */
  Optional<Service> door(RandomGenerator random) {
    List<String> all = open().stream().toList();
    return all.isEmpty()
        ? Optional.empty()
        : Optional.of(members.get(all.get(random.nextInt(all.size()))));
  }

  /** The names of those that take requests, as far as is known. */
  List<String> open() {
    return names.stream().filter(open::contains).toList();
  }

  /** The names of those whose process has ended. */
  List<String> dead() {
    return members.keySet().stream()
        .filter(name -> !members.get(name).process().isAlive())
        .sorted()
        .toList();
  }

  /** A new member, which takes requests when this returns. */
  void join(String name) {
    names.add(name);
    launch(name);
    opens(name);
  }

  /** SIGKILL. */
  void kill(String name) {
    history.fault(name, "killed");
    members.get(name).kill();
    open.remove(name);
  }

  /**
   * Kills and restarts at random for so long, and until the number is reached. Mostly one of
   * several, so that there is somebody to go on; now and then the last one.
   *
   * @return how many were killed
   */
  int burn(Duration duration, int killsAtLeast, Duration between, RandomGenerator random) {
    long start = System.nanoTime();
    int kills = 0;
    while (kills < killsAtLeast || System.nanoTime() - start < duration.toNanos()) {
      Pause.of(between.dividedBy(2).plusMillis(random.nextLong(between.toMillis())));
      List<String> open = open();
      if (open.size() > (random.nextInt(5) == 0 ? 0 : 1)) {
        String victim = open.get(random.nextInt(open.size()));
        kill(victim);
        restart(victim);
        kills++;
      }
    }
    return kills;
  }

  /** SIGTERM, and waits until it has gone. */
  void terminate(String name) throws InterruptedException {
    history.fault(name, "terminated");
    members.get(name).terminate();
    members.get(name).process().waitFor();
    open.remove(name);
    history.fault(name, "gone");
  }

  /** Begins the next life of a process that has ended; {@link #awaitAll} waits for it. */
  void restart(String name) {
    open.remove(name);
    launch(name);
    starting.add(Thread.ofVirtual().start(() -> opens(name)));
  }

  /** Until every process takes requests. */
  void awaitAll() throws InterruptedException {
    for (Thread thread : starting) {
      thread.join();
    }
    starting.clear();
  }

  @Override
  public void close() {
    members.values().forEach(Service::close);
  }

  private void launch(String name) {
    int life = lives.merge(name, 1, Integer::sum);
    Map<String, String> all = new TreeMap<>(settings);
    all.put("quarkus.datasource.jdbc.url", database.url());
    all.put("trunkline.worker.name", name);
    all.put("trunkline.examples.enabled", "true");
    all.put("fire.history", history.fileOf(name + "-" + life).toString());
    members.put(name, Service.launch(SuiteApplication.jar(), all));
  }

  private void opens(String name) {
    members.get(name).awaitReady();
    history.fault(name, "open");
    open.add(name);
  }
}
