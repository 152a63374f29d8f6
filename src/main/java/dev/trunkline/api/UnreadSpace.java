package dev.trunkline.api;

import dev.trunkline.config.TrunklineConfig;
import jakarta.inject.Singleton;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The bytes on disk that the unread answers of all streams may take together. One stream may take a
 * part of them only, so that a client that never reads leaves room to others. Thread-safe.
 */
@Singleton
class UnreadSpace {

  /** The part of one stream. */
  private static final int PARTS = 8;

  private final AtomicLong free;
  private final long share;

  UnreadSpace(TrunklineConfig config) {
    this.free = new AtomicLong(config.batch().maxUnreadBytes());
    this.share = config.batch().maxUnreadBytes() / PARTS;
  }

  /** The most bytes that one stream may take. */
  long share() {
    return share;
  }

  /** Takes so many bytes, or none where there are not as many left. */
  boolean take(long bytes) {
    long before = free.getAndUpdate(left -> left >= bytes ? left - bytes : left);
    return before >= bytes;
  }

  void giveBack(long bytes) {
    free.addAndGet(bytes);
  }
}
