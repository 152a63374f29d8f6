package dev.trunkline.it;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.locks.LockSupport;

/** Asks a process for its health all the time, as an orchestrator does, and keeps the answers. */
final class Probe implements AutoCloseable {

  private final Map<String, Set<Integer>> statuses = new ConcurrentHashMap<>();
  private final Set<Duration> took = new ConcurrentSkipListSet<>();
  private volatile boolean going = true;

  Probe(Service service) {
    for (String path : new String[] {"/q/health/live", "/q/health/ready"}) {
      Thread.ofVirtual().start(() -> askAllTheTime(service, path));
    }
  }

  /** Every answer so far; -1 stands for none. */
  Set<Integer> statuses(String path) {
    return new TreeSet<>(statuses.getOrDefault(path, Set.of()));
  }

  /** How long the slowest answer took. */
  Duration longest() {
    return took.stream().max(Duration::compareTo).orElse(Duration.ZERO);
  }

  @Override
  public void close() {
    going = false;
  }

  private void askAllTheTime(Service service, String path) {
    while (going) {
      long start = System.nanoTime();
      int status = service.status(path);
      if (going) {
        statuses.computeIfAbsent(path, key -> ConcurrentHashMap.newKeySet()).add(status);
        took.add(Duration.ofNanos(System.nanoTime() - start));
      }
      LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
    }
  }
}
