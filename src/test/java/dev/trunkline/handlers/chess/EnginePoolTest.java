package dev.trunkline.handlers.chess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class EnginePoolTest {

  private static final Duration A_MINUTE = Duration.ofMinutes(1);

  @TempDir Path directory;

  private final Queue<UciEngine> launched = new ConcurrentLinkedQueue<>();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final EnginePool pool = new EnginePool(2, this::launch);
  private Path executable = Path.of("");

  @BeforeEach
  void writeEngine() throws Exception {
    String go =
        "echo info depth 1 score cp 1 pv e2e4; case \"$line\" in *depth*) echo bestmove e2e4;;"
            + " esac";
    executable = Engines.fake(directory, go, ":");
  }

  @AfterEach
  void close() {
    pool.close();
    threads.shutdownNow();
  }

  private UciEngine launch() throws EngineException, InterruptedException {
    UciEngine engine = UciEngine.start(executable, Engines.SHORT);
    launched.add(engine);
    return engine;
  }

  @Test
  void noEngineIsStartedBeforeItIsNeededAndOneIsUsedAgain() throws Exception {
    assertThat(launched).isEmpty();
    for (int i = 0; i < 3; i++) {
      assertThat(pool.use(A_MINUTE, EnginePoolTest::quick)).isPresent();
    }
    assertThat(launched).hasSize(1);
  }

  @Test
  void moreAnalysesThanEnginesShareThem() throws Exception {
    AtomicInteger working = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    CyclicBarrier pair = new CyclicBarrier(2); // holds only if two engines work at once
    List<Future<?>> analyses = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      analyses.add(
          threads.submit(
              () ->
                  pool.use(
                      A_MINUTE,
                      engine -> {
                        most.accumulateAndGet(working.incrementAndGet(), Math::max);
                        meet(pair);
                        List<Line> lines = quick(engine);
                        working.decrementAndGet();
                        return lines;
                      })));
    }
    for (Future<?> analysis : analyses) {
      analysis.get(30, TimeUnit.SECONDS);
    }
    assertThat(most).hasValue(2);
    assertThat(launched).hasSize(2);
  }

  @Test
  void anEngineThatDiedAtWorkIsReplaced() throws Exception {
    assertThatThrownBy(() -> pool.use(A_MINUTE, EnginePoolTest::killed))
        .isInstanceOf(EngineException.class);
    assertThat(pool.use(A_MINUTE, EnginePoolTest::quick)).isPresent();
    assertThat(launched).hasSize(2).filteredOn(UciEngine::isAlive).hasSize(1);
  }

  @Test
  void anEngineThatDiedIdleIsReplaced() throws Exception {
    pool.use(A_MINUTE, EnginePoolTest::quick);
    launched.element().kill();
    assertThat(pool.use(A_MINUTE, EnginePoolTest::quick)).isPresent();
    assertThat(launched).hasSize(2);
  }

  @Test
  void failuresUseUpNoPlaces() throws Exception {
    for (int i = 0; i < 5; i++) {
      assertThatThrownBy(() -> pool.use(A_MINUTE, EnginePoolTest::killed))
          .isInstanceOf(EngineException.class);
    }
    Path working = executable;
    executable = directory.resolve("none");
    for (int i = 0; i < 5; i++) {
      assertThatThrownBy(() -> pool.use(A_MINUTE, EnginePoolTest::quick))
          .isInstanceOf(EngineException.class);
    }
    executable = working;
    assertThat(pool.use(Duration.ZERO, EnginePoolTest::quick)).isPresent();
  }

  @Test
  void whoFindsAllEnginesBusyGivesUpAfterTheWait() throws Exception {
    CountDownLatch release = occupyBoth();
    assertThat(pool.use(Duration.ofMillis(20), EnginePoolTest::quick)).isEmpty();
    release.countDown();
    assertThat(pool.use(A_MINUTE, EnginePoolTest::quick)).isPresent();
  }

  @Test
  void theWaitForAnEngineCanBeInterrupted() throws Exception {
    CountDownLatch release = occupyBoth();
    Future<?> waiting = threads.submit(() -> interruptedWhileWaiting());
    waiting.get(10, TimeUnit.SECONDS);
    release.countDown();
  }

  private Object interruptedWhileWaiting() {
    Thread waiting = Thread.currentThread();
    threads.submit(waiting::interrupt);
    return assertThatThrownBy(() -> pool.use(A_MINUTE, EnginePoolTest::quick))
        .isInstanceOf(InterruptedException.class);
  }

  @Test
  void closingKillsIdleAndWorkingEnginesAndStartsNoMore() throws Exception {
    pool.use(A_MINUTE, EnginePoolTest::quick);
    CountDownLatch searching = new CountDownLatch(1);
    Future<?> search = threads.submit(() -> pool.use(A_MINUTE, engine -> slow(engine, searching)));
    assertThat(searching.await(20, TimeUnit.SECONDS)).isTrue();
    pool.close();
    assertThatThrownBy(() -> search.get(5, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(EngineException.class);
    assertThatThrownBy(() -> pool.use(A_MINUTE, EnginePoolTest::quick))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("shut down");
    assertThat(launched).isNotEmpty().noneMatch(UciEngine::isAlive);
  }

  private CountDownLatch occupyBoth() throws InterruptedException {
    CountDownLatch occupied = new CountDownLatch(2);
    CountDownLatch release = new CountDownLatch(1);
    for (int i = 0; i < 2; i++) {
      threads.submit(
          () ->
              pool.use(
                  A_MINUTE,
                  engine -> {
                    occupied.countDown();
                    return release.await(30, TimeUnit.SECONDS);
                  }));
    }
    assertThat(occupied.await(20, TimeUnit.SECONDS)).isTrue();
    return release;
  }

  private static List<Line> quick(UciEngine engine) throws EngineException, InterruptedException {
    return engine.analyze(
        Engines.start(), 1, new SearchLimits(1, Duration.ofSeconds(20)), output -> {});
  }

  private static List<Line> slow(UciEngine engine, CountDownLatch searching)
      throws EngineException, InterruptedException {
    return engine.analyze(
        Engines.start(), 1, Engines.time(A_MINUTE), output -> searching.countDown());
  }

  private static List<Line> killed(UciEngine engine) throws EngineException, InterruptedException {
    return engine.analyze(Engines.start(), 1, Engines.time(A_MINUTE), output -> engine.kill());
  }

  private static void meet(CyclicBarrier pair) throws InterruptedException {
    try {
      pair.await(20, TimeUnit.SECONDS);
    } catch (BrokenBarrierException | TimeoutException e) {
      throw new AssertionError("only one engine works at a time", e);
    }
  }
}
