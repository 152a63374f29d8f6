package dev.trunkline.api;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Lines that were read and wait to be stored, bounded by number and by bytes. Whoever takes gets
 * all that has gathered: one line where they come slowly, some hundreds where they come fast. So
 * nobody waits for a batch to fill up. For one thread that puts and one that takes.
 */
final class LineQueue {

  /** Lines at most, which become one statement. */
  static final int LINES = 500;

  /** Bytes at most, but for a single line that has more. */
  static final int BYTES = 1 << 21;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private List<ReadLine> lines = new ArrayList<>();
  private long bytes;
  private boolean ended;
  private boolean closed;

  /**
   * Adds a line; waits where there is no room.
   *
   * @return false where nobody takes any more
   */
  boolean put(ReadLine line) {
    lock.lock();
    try {
      while (!closed && !hasRoomFor(line)) {
        changed.awaitUninterruptibly();
      }
      if (!closed) {
        lines.add(line);
        bytes += line.bytes();
        changed.signalAll();
      }
      return !closed;
    } finally {
      lock.unlock();
    }
  }

  /** All that there are, in their order; waits for the first of them. Empty after the last one. */
  List<ReadLine> take() {
    lock.lock();
    try {
      while (lines.isEmpty() && !ended && !closed) {
        changed.awaitUninterruptibly();
      }
      List<ReadLine> taken = lines;
      lines = new ArrayList<>();
      bytes = 0;
      changed.signalAll();
      return taken;
    } finally {
      lock.unlock();
    }
  }

  /** No line comes any more; those that are here may be taken. */
  void end() {
    lock.lock();
    try {
      ended = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Nobody takes any more; what is here is dropped. */
  void close() {
    lock.lock();
    try {
      closed = true;
      lines = new ArrayList<>();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private boolean hasRoomFor(ReadLine line) {
    return lines.isEmpty() || (lines.size() < LINES && bytes + line.bytes() <= BYTES);
  }
}
