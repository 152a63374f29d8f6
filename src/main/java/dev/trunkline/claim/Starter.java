package dev.trunkline.claim;

import dev.trunkline.execute.ClaimedTask;
import dev.trunkline.execute.TaskExecutor;
import dev.trunkline.execute.WorkerIdentity;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;

/** Who this process claims for, and the start of what was claimed. Thread-safe. */
@Singleton
class Starter {

  private final WorkerRegistration registration;
  private final TaskExecutor executor;

  Starter(WorkerRegistration registration, TaskExecutor executor) {
    this.registration = registration;
    this.executor = executor;
  }

  /** Empty before it has registered, and after its lease was lost. */
  Optional<WorkerIdentity> current() {
    return registration.current();
  }

  /** Registers where that is needed. */
  WorkerIdentity worker() {
    return current().orElseGet(registration::register);
  }

  /** False where the lease was lost meanwhile, and with it what was claimed: others will run it. */
  boolean start(List<ClaimedTask> tasks, WorkerIdentity worker) {
    if (!isCurrent(worker)) {
      return false;
    }
    executor.start(tasks, worker);
    if (!isCurrent(worker)) {
      // Whoever gave the worker up may have stopped its attempts before these were among them.
      executor.stop(worker);
    }
    return true;
  }

  /** True while so many ends wait to be written that no more tasks are to be claimed. */
  boolean isBehind() {
    return executor.isBehind();
  }

  private boolean isCurrent(WorkerIdentity worker) {
    return current().equals(Optional.of(worker));
  }
}
