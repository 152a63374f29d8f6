package dev.trunkline.handlers.chess;

import java.time.Duration;
import java.util.Deque;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * The engines of this process: a bounded number, started when first needed, lent to one analysis at
 * a time and kept for the next. One that has died is left behind. Thread-safe.
 */
final class EnginePool implements AutoCloseable {

  private final Launcher launcher;
  private final Semaphore permits;
  private final Deque<UciEngine> idle = new ConcurrentLinkedDeque<>();

  /** Every engine that was started and is not known to be dead: what {@link #close} must end. */
  private final Set<UciEngine> started = ConcurrentHashMap.newKeySet();

  private volatile boolean closed;

  /** Starts an engine. */
  interface Launcher {
    UciEngine launch() throws EngineException, InterruptedException;
  }

  /** What is done with a lent engine. */
  interface Use<T> {
    T with(UciEngine engine) throws EngineException, InterruptedException;
  }

  EnginePool(int size, Launcher launcher) {
    this.launcher = launcher;
    this.permits = new Semaphore(size, true);
  }

  /**
   * Lends an engine.
   *
   * @param wait how long to wait for one
   * @return what came of it, or empty where no engine became free in time
   */
  <T> Optional<T> use(Duration wait, Use<T> use) throws EngineException, InterruptedException {
    if (!permits.tryAcquire(wait.toNanos(), TimeUnit.NANOSECONDS)) {
      return Optional.empty();
    }
    try {
      return Optional.of(lend(use));
    } finally {
      permits.release();
    }
  }

  /** Kills all engines, those at work included, and starts no more. */
  @Override
  public void close() {
    closed = true;
    started.forEach(UciEngine::kill);
  }

  private <T> T lend(Use<T> use) throws EngineException, InterruptedException {
    UciEngine engine = take();
    try {
      return use.with(engine);
    } finally {
      giveBack(engine);
    }
  }

  private UciEngine take() throws EngineException, InterruptedException {
    for (UciEngine engine = idle.poll(); engine != null; engine = idle.poll()) {
      if (engine.isAlive()) {
        return engine;
      }
      started.remove(engine);
    }
    return launch();
  }

  private UciEngine launch() throws EngineException, InterruptedException {
    UciEngine engine = launcher.launch();
    started.add(engine);
    if (closed) { // looked at after the engine was added, so that close() or this line ends it
      engine.kill();
      throw new EngineException("the chess engines are being shut down");
    }
    return engine;
  }

  private void giveBack(UciEngine engine) {
    if (engine.isAlive()) {
      idle.push(engine);
    } else {
      started.remove(engine);
    }
  }
}
