package dev.trunkline.maintain;

import dev.trunkline.finish.Completer;
import jakarta.inject.Singleton;

/** The chores of a process that runs tasks; one that only serves the API has none of them. */
@Singleton
class WorkerChores {

  private final Heartbeat heartbeat;
  private final ProgressWriter progress;
  private final Completer completer;
  private final StrayAttempts strays;

  WorkerChores(
      Heartbeat heartbeat, ProgressWriter progress, Completer completer, StrayAttempts strays) {
    this.heartbeat = heartbeat;
    this.progress = progress;
    this.completer = completer;
    this.strays = strays;
  }

  void heartbeat() {
    heartbeat.runOnce();
  }

  void watchHeartbeat() {
    heartbeat.watch();
  }

  void giveStraysBack() {
    strays.runOnce();
  }

  void writeProgress() {
    progress.runOnce();
  }

  void discardLeases() {
    completer.discardLeftLeases();
  }
}
