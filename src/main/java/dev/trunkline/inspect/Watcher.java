package dev.trunkline.inspect;

import java.util.UUID;

/**
 * Somebody who follows a task. {@link TaskWatch} calls the first four of one task from one thread
 * at a time, and none of them may block.
 */
public interface Watcher {

  UUID task();

  /** Whether it wants to be told how the task stands. Asked with every look at the task. */
  boolean wants(Stamp stamp);

  /** How the task stands, at the stamp that it was asked about or later. */
  void tell(Stamp stamp, TaskSnapshot snapshot);

  /** The task was deleted. */
  void deleted();

  /** The database did not answer; there will be another look. */
  void unanswered(Throwable why);

  /** This process is about to end. */
  void goodbye();
}
