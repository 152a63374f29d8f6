package dev.trunkline.maintain;

import dev.trunkline.task.TasksReady;
import jakarta.enterprise.event.Event;
import jakarta.inject.Singleton;

/** The chores that every process does, whether it runs tasks or only serves the API. */
@Singleton
class ReplicaChores {

  private final Rescuer rescuer;
  private final Expirer expirer;
  private final NewQueues queues;
  private final TypeAnnouncement announcement;
  private final Pruner pruner;
  private final QueueMetrics metrics;
  private final Event<TasksReady> ready;

  ReplicaChores(
      Rescuer rescuer,
      Expirer expirer,
      NewQueues queues,
      TypeAnnouncement announcement,
      Pruner pruner,
      QueueMetrics metrics,
      Event<TasksReady> ready) {
    this.rescuer = rescuer;
    this.expirer = expirer;
    this.queues = queues;
    this.announcement = announcement;
    this.pruner = pruner;
    this.metrics = metrics;
    this.ready = ready;
  }

  void rescue() {
    if (rescuer.runUntilDone()) {
      ready.fire(new TasksReady(true));
    }
  }

  void forgetDead() {
    rescuer.forgetDead();
  }

  void expire() {
    if (expirer.runUntilDone()) {
      // Their callbacks wait.
      ready.fire(new TasksReady(true));
    }
  }

  void takeUpQueues() {
    if (queues.runOnce()) {
      ready.fire(new TasksReady(true));
    }
  }

  /** Looks at memory alone. */
  boolean mayAnnounceTypes() {
    return !announcement.hasSaidAll();
  }

  void announceTypes() {
    announcement.runOnce();
  }

  void prune() {
    pruner.runUntilDone();
  }

  void count() {
    metrics.runOnce();
  }
}
