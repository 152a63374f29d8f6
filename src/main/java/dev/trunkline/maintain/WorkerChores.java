package dev.trunkline.maintain;

import dev.trunkline.execute.Abandoner;
import dev.trunkline.execute.RunningAttempts;
import dev.trunkline.execute.Withdrawals;
import dev.trunkline.finish.Completer;
import jakarta.inject.Singleton;

/** The chores of a process that runs tasks; one that only serves the API has none of them. */
@Singleton
class WorkerChores {

  private final RunningAttempts running;
  private final Heartbeat heartbeat;
  private final ProgressWriter progress;
  private final Completer completer;
  private final StrayAttempts strays;
  private final Abandoner abandoner;
  private final Withdrawals withdrawals;
  private final Cancellations cancellations;

  WorkerChores(
      RunningAttempts running,
      Heartbeat heartbeat,
      ProgressWriter progress,
      Completer completer,
      StrayAttempts strays,
      Abandoner abandoner,
      Withdrawals withdrawals,
      Cancellations cancellations) {
    this.running = running;
    this.heartbeat = heartbeat;
    this.progress = progress;
    this.completer = completer;
    this.strays = strays;
    this.abandoner = abandoner;
    this.withdrawals = withdrawals;
    this.cancellations = cancellations;
  }

  /** True while there are attempts of this process to look after. */
  boolean isBusy() {
    return !running.isEmpty();
  }

  /** Has it called whenever there may be attempts where none were. */
  void whenBusy(Runnable wake) {
    running.whenAdded(wake);
  }

  void heartbeat() {
    heartbeat.runOnce();
  }

  /** Looks at memory alone. */
  boolean isOverdue() {
    return heartbeat.isOverdue();
  }

  void watchHeartbeat() {
    heartbeat.watch();
  }

  void giveStraysBack() {
    strays.runOnce();
  }

  void giveBackAfterFailedClaims() {
    strays.runAfterFailedClaims();
  }

  void interruptCancelled() {
    cancellations.runOnce();
  }

  void takeBackWhatWaits() {
    withdrawals.runOnce();
  }

  void abandonTheDeaf() {
    abandoner.runOnce();
  }

  void writeProgress() {
    progress.runOnce();
  }

  void discardLeases() {
    completer.discardLeftLeases();
  }
}
