package dev.trunkline.database;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/**
 * A {@link GroupCommit} with a thread of its own, which alone writes. While little comes it is
 * written at once; while much does, a moment is left for others to come along. Thread-safe.
 *
 * @param <I> what is written
 * @param <O> the answer to one item
 */
public final class GroupWriter<I, O> implements AutoCloseable {

  /** No virtual thread: handlers that compute can keep those from running. */
  private final ScheduledExecutorService thread;

  private final CrowdExecutor crowd;
  private final Function<List<I>, List<O>> write;
  private final GroupCommit<I, O> group;

  /**
   * @param name of the thread
   * @param crowd items in one write that make a crowd
   * @param gathering how long the write after such a one waits for others
   * @param atMost items in one batch
   * @param weigher how much memory an item takes, in bytes or characters
   * @param write commits a batch as a whole or not at all, and answers in the batch's order
   */
  public GroupWriter(
      String name,
      int crowd,
      Duration gathering,
      int atMost,
      ToIntFunction<I> weigher,
      Function<List<I>, List<O>> write) {
    this.thread =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform()
                .daemon()
                .name(name)
                .inheritInheritableThreadLocals(false)
                .factory());
    this.crowd = new CrowdExecutor(thread, crowd, gathering);
    this.write = write;
    this.group = new GroupCommit<>(atMost, weigher, this::write);
    // What would have been inherited, but for what belongs to whoever comes first.
    ClassLoader loader = Thread.currentThread().getContextClassLoader();
    thread.execute(() -> Thread.currentThread().setContextClassLoader(loader));
  }

  /** One that never waits for others, so that only what comes during a write goes together. */
  public GroupWriter(
      String name, int atMost, ToIntFunction<I> weigher, Function<List<I>, List<O>> write) {
    this(name, Integer.MAX_VALUE, Duration.ZERO, atMost, weigher, write);
  }

  /**
   * As {@link #enqueue}, and waits. It writes for nobody: a virtual thread with that task would let
   * all others wait wherever handlers that compute keep it from running.
   *
   * <p>Never from what depends on the answer to another item: that runs on the thread that would
   * have to write.
   *
   * @throws RuntimeException what {@link GroupCommit#submit} throws
   * @throws WriterClosedException where this was closed first
   */
  public O submit(I item) {
    return GroupCommit.await(enqueue(item));
  }

  /**
   * Has an item written, and does not wait for it.
   *
   * @return the answer of its write, or what that threw, or a {@link WriterClosedException} where
   *     this was closed first; what depends on it runs on the thread that writes, and is to be
   *     short
   */
  public CompletableFuture<O> enqueue(I item) {
    return group.enqueue(item, crowd);
  }

  /**
   * Runs something short on the thread that writes, after a while.
   *
   * @throws RejectedExecutionException where this is closed
   */
  public void schedule(Runnable task, Duration delay) {
    var _ = thread.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
  }

  /**
   * Lets the write whose turn it is end, though nobody waits for that here, and refuses what is
   * left after it.
   */
  @Override
  public void close() {
    thread.shutdown();
  }

  private List<O> write(List<I> items) {
    crowd.writes(items.size(), group.leavesSome());
    return write.apply(items);
  }
}
