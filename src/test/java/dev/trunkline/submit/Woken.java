package dev.trunkline.submit;

import dev.trunkline.task.TasksReady;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/** How often the present thread has said that there is work. */
@Singleton
class Woken {

  private final ThreadLocal<Integer> times = ThreadLocal.withInitial(() -> 0);

  void onReady(@Observes TasksReady ready) {
    times.set(times.get() + 1);
  }

  int times() {
    return times.get();
  }
}
