package dev.trunkline.maintain;

import dev.trunkline.finish.Completer;
import jakarta.inject.Singleton;

/** The chores of a process that runs tasks; one that only serves the API has none of them. */
@Singleton
class WorkerChores {

  private final Heartbeat heartbeat;
  private final ProgressWriter progress;
  private final Completer completer;

  WorkerChores(Heartbeat heartbeat, ProgressWriter progress, Completer completer) {
    this.heartbeat = heartbeat;
    this.progress = progress;
    this.completer = completer;
  }

  void heartbeat() {
    heartbeat.runOnce();
  }

  void writeProgress() {
    progress.runOnce();
  }

  void discardLeases() {
    completer.discardLeftLeases();
  }
}
