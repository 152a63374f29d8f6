package dev.trunkline.database;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Who has brought items to a {@link GroupCommit}: it hears when all are answered, or that it is its
 * turn to write.
 */
abstract class GroupCaller {

  private final AtomicInteger unanswered;

  GroupCaller(int items) {
    this.unanswered = new AtomicInteger(items);
  }

  final boolean isAnswered() {
    return unanswered.get() <= 0;
  }

  final void answered() {
    if (unanswered.decrementAndGet() == 0) {
      allAnswered();
    }
  }

  abstract void allAnswered();

  /** Whether it will write; where not, none of its items waits any more. */
  abstract boolean takesTheTurn();

  /** One that waits for its answers. */
  static final class Sleeper extends GroupCaller {

    private final Thread thread = Thread.currentThread();
    private volatile boolean hasTheTurn;
    private boolean interrupted;

    Sleeper(int items) {
      super(items);
    }

    /**
     * True where it is to write now. An interrupt is kept for later: it would take the connection
     * from under the items of others.
     */
    boolean sleepUntilAnsweredOrItsTurn() {
      interrupted |= Thread.interrupted();
      while (!hasTheTurn && !isAnswered()) {
        LockSupport.park(this);
        interrupted |= Thread.interrupted();
      }
      boolean turn = hasTheTurn;
      hasTheTurn = false;
      return turn;
    }

    void passOnInterrupt() {
      if (interrupted) {
        thread.interrupt();
      }
    }

    @Override
    void allAnswered() {
      LockSupport.unpark(thread);
    }

    @Override
    boolean takesTheTurn() {
      hasTheTurn = true;
      LockSupport.unpark(thread);
      return true;
    }
  }
}
