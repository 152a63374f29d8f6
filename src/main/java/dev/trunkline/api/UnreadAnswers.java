package dev.trunkline.api;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Answers on their way to a client, first in, first out. A client may send everything before it
 * reads anything; if that filled a bounded buffer, both sides would wait for each other for ever.
 * So what the memory does not hold goes to a file, and comes back from there when the client reads.
 * Only when that is full too does the one who adds have to wait. For one thread that adds and one
 * that takes.
 */
final class UnreadAnswers implements AutoCloseable {

  private static final Logger LOG = Logger.getLogger(UnreadAnswers.class);

  private static final int IN_MEMORY = 1 << 16;

  private final UnreadSpace space;
  private final int inMemory;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final ByteArrayOutputStream memory = new ByteArrayOutputStream();
  private @Nullable Spool spool;
  private boolean diskFails;
  private boolean ended;
  private boolean closed;

  UnreadAnswers(UnreadSpace space) {
    this(space, IN_MEMORY);
  }

  /**
   * @param inMemory bytes that are kept in memory, and taken at once
   */
  UnreadAnswers(UnreadSpace space, int inMemory) {
    this.space = space;
    this.inMemory = inMemory;
  }

  /**
   * Adds an answer; waits where there is no room.
   *
   * @return false where nobody takes any more
   */
  boolean add(byte[] answer) {
    lock.lock();
    try {
      while (!closed && !hasRoomFor(answer) && !moveToDisk()) {
        changed.awaitUninterruptibly();
      }
      if (!closed) {
        memory.writeBytes(answer);
        changed.signalAll();
      }
      return !closed;
    } finally {
      lock.unlock();
    }
  }

  /** The next ones; waits for them. Null after the last one. */
  byte @Nullable [] take() throws IOException {
    lock.lock();
    try {
      while (isEmpty() && !ended && !closed) {
        changed.awaitUninterruptibly();
      }
      if (closed || isEmpty()) {
        return null;
      }
      // What is on the disk is older.
      byte[] taken = spool == null || spool.isEmpty() ? memory() : spool.take(inMemory);
      changed.signalAll();
      return taken;
    } finally {
      lock.unlock();
    }
  }

  /** No answer comes any more. */
  void end() {
    lock.lock();
    try {
      ended = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
      if (spool != null) {
        spool.close();
        spool = null;
      }
    } finally {
      lock.unlock();
    }
  }

  private boolean isEmpty() {
    return memory.size() == 0 && (spool == null || spool.isEmpty());
  }

  private boolean hasRoomFor(byte[] answer) {
    return memory.size() == 0 || memory.size() + answer.length <= inMemory;
  }

  private byte[] memory() {
    byte[] all = memory.toByteArray();
    memory.reset();
    return all;
  }

  private boolean moveToDisk() {
    if (diskFails) {
      return false;
    }
    try {
      if (spool == null) {
        spool = Spool.open(space);
      }
      boolean moved = spool.add(memory.toByteArray());
      if (moved) {
        memory.reset();
      }
      return moved;
    } catch (IOException e) {
      LOG.warn("Unread answers stay in memory, and their stream waits for its client", e);
      diskFails = true;
      return false;
    }
  }
}
