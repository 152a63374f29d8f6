package dev.trunkline.it;

import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;

/** Many readers that ask a service for the same thing as fast as it answers. */
final class Crowd implements AutoCloseable {

  private final Set<Integer> statuses = new ConcurrentSkipListSet<>();
  private volatile boolean going = true;

  Crowd(Service service, String path, int readers) {
    for (int i = 0; i < readers; i++) {
      Thread.ofVirtual().start(() -> readAllTheTime(service, path));
    }
  }

  /** Every status that was answered. */
  Set<Integer> statuses() {
    return new TreeSet<>(statuses);
  }

  @Override
  public void close() {
    going = false;
  }

  private void readAllTheTime(Service service, String path) {
    while (going) {
      statuses.add(service.status(path));
    }
  }
}
