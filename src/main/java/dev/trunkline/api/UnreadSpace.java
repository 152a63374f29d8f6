package dev.trunkline.api;

import dev.trunkline.config.TrunklineConfig;
import jakarta.inject.Singleton;
import java.util.concurrent.atomic.AtomicLong;

/** The bytes on disk that the unread answers of all streams may take together. Thread-safe. */
@Singleton
class UnreadSpace {

  private final AtomicLong free;

  UnreadSpace(TrunklineConfig config) {
    this.free = new AtomicLong(config.batch().maxUnreadBytes());
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
