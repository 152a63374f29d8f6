package dev.trunkline.handlers.chess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of an engine that is disturbed, or disturbs. */
@Timeout(60)
class UciEngineTest {

  private static final SearchLimits A_MINUTE = Engines.time(Duration.ofMinutes(1));
  private static final SearchLimits AN_INSTANT = Engines.time(Duration.ofMillis(50));

  @TempDir Path directory;

  @Test
  void anInterruptStopsTheSearchAtOnceAndTheEngineIsUsedAgain() throws Exception {
    UciEngine engine = UciEngine.start(Engines.stockfish(), EnginePatience.DEFAULT);
    try {
      Search search = Search.of(engine);
      search.interrupt();
      assertThat(search.failure()).isInstanceOf(InterruptedException.class);
      assertThat(engine.isAlive()).isTrue();
      assertThat(engine.analyze(Engines.reference(), 1, AN_INSTANT, output -> {}))
          .singleElement()
          .extracting(Line::mateScore)
          .isEqualTo(-2);
    } finally {
      engine.kill();
    }
  }

  @Test
  void anEngineThatDoesNotStopIsKilled() throws Exception {
    UciEngine engine = start("echo info depth 1 score cp 1 pv e2e4", ":");
    Search search = Search.of(engine);
    search.interrupt();
    assertThat(search.failure()).isInstanceOf(InterruptedException.class);
    assertThat(engine.isAlive()).isFalse();
  }

  @Test
  void aSecondInterruptKillsTheEngineInsteadOfWaitingForItToStop() throws Exception {
    EnginePatience endless =
        new EnginePatience(Duration.ofSeconds(20), Duration.ofMinutes(1), Duration.ofMinutes(1));
    UciEngine engine =
        UciEngine.start(
            Engines.fake(directory, "echo info depth 1 score cp 1 pv e2e4", ":"), endless);
    Search search = Search.of(engine);
    search.interrupt();
    search.interruptUntilOver();
    assertThat(search.failure()).isInstanceOf(InterruptedException.class);
    assertThat(engine.isAlive()).isFalse();
  }

  @Test
  void anEngineKilledInTheMiddleFailsTheAnalysis() throws Exception {
    UciEngine engine = UciEngine.start(Engines.stockfish(), EnginePatience.DEFAULT);
    Search search = Search.of(engine);
    assertThat(ProcessHandle.of(engine.pid()).orElseThrow().destroyForcibly()).isTrue();
    assertThat(search.failure())
        .isInstanceOf(EngineException.class)
        .hasMessage("the chess engine has ended");
    assertThat(engine.isAlive()).isFalse();
  }

  @Test
  void killingAnEngineWakesWhoWaitsForIt() throws Exception {
    UciEngine engine = start("echo info depth 1 score cp 1 pv e2e4", ":");
    Search search = Search.of(engine);
    engine.kill();
    assertThat(search.failure()).isInstanceOf(EngineException.class);
  }

  @Test
  void anEngineThatHangsIsKilledOnceItsTimeIsOver() throws Exception {
    UciEngine engine = start(":", ":");
    assertThatThrownBy(() -> engine.analyze(Engines.start(), 1, AN_INSTANT, output -> {}))
        .isInstanceOf(EngineException.class)
        .hasMessage("the chess engine does not answer");
    assertThat(engine.isAlive()).isFalse();
  }

  @Test
  void anEngineThatOnlyChattersIsKilledAsWell() throws Exception {
    UciEngine engine = start("yes info depth 1 score cp 1 pv e2e4", ":");
    assertThatThrownBy(() -> engine.analyze(Engines.start(), 1, AN_INSTANT, output -> {}))
        .isInstanceOf(EngineException.class)
        .hasMessage("the chess engine does not answer");
    assertThat(engine.isAlive()).isFalse();
  }

  @Test
  void whatIsSaidAfterTheDeadlineDoesNotCount() throws Exception {
    EngineProcess chatter =
        EngineProcess.start(Engines.script(directory, "#!/bin/sh\nexec yes info\n"));
    try {
      assertThat(chatter.receive(Deadline.in(Duration.ofSeconds(20)))).isEqualTo("info");
      for (int i = 0; i < 100; i++) {
        assertThatThrownBy(() -> chatter.receive(Deadline.in(Duration.ZERO)))
            .isInstanceOf(EngineException.class);
      }
    } finally {
      chatter.kill();
    }
  }

  @Test
  void anEngineThatExitsFailsTheAnalysis() throws Exception {
    UciEngine engine = start("exit 3", ":");
    assertThatThrownBy(() -> engine.analyze(Engines.start(), 1, A_MINUTE, output -> {}))
        .isInstanceOf(EngineException.class)
        .hasMessage("the chess engine has ended");
  }

  @Test
  void anEngineWithoutALineFailsTheAnalysis() throws Exception {
    UciEngine engine = start("echo bestmove e2e4", ":");
    assertThatThrownBy(() -> engine.analyze(Engines.start(), 1, A_MINUTE, output -> {}))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("found no line");
    engine.kill();
  }

  @Test
  void aProgramThatDoesNotSpeakUciIsKilledAtTheHandshake() throws IOException {
    Path children = directory.resolve("pid");
    Path mute =
        Engines.script(directory, "#!/bin/sh\necho $$ > %s\nsleep 600\n".formatted(children));
    EnginePatience hasty = new EnginePatience(Duration.ofSeconds(1), Duration.ZERO, Duration.ZERO);
    assertThatThrownBy(() -> UciEngine.start(mute, hasty))
        .isInstanceOf(EngineException.class)
        .hasMessage("the chess engine does not answer");
    long pid = Long.parseLong(Files.readString(children).strip());
    assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive)).isEmpty();
  }

  @Test
  void whatCannotBeStartedSaysSoWithoutItsPath() {
    assertThatThrownBy(() -> UciEngine.start(directory.resolve("none"), Engines.SHORT))
        .isInstanceOf(EngineException.class)
        .hasMessage("the chess engine cannot be started");
  }

  @Test
  void aScriptsOwnChildrenAreKilledWithIt() throws Exception {
    Path childPid = directory.resolve("child");
    String go = "sleep 600 & echo $! > %s; echo info depth 1 score cp 1 pv e2e4; wait";
    UciEngine engine = start(go.formatted(childPid), ":");
    Search search = Search.of(engine);
    ProcessHandle child =
        ProcessHandle.of(Long.parseLong(Files.readString(childPid).strip())).orElseThrow();
    assertThat(child.isAlive()).isTrue();
    engine.kill();
    child.onExit().get(10, TimeUnit.SECONDS);
    assertThat(search.failure()).isInstanceOf(EngineException.class);
  }

  private UciEngine start(String onGo, String onStop) throws Exception {
    return UciEngine.start(Engines.fake(directory, onGo, onStop), Engines.SHORT);
  }

  /** A long search on a thread of its own, which has begun: the engine has told a first line. */
  private record Search(Thread thread, FutureTask<?> task) {

    static Search of(UciEngine engine) throws InterruptedException {
      CountDownLatch begun = new CountDownLatch(1);
      Callable<?> analysis =
          () ->
              engine.analyze(
                  Engines.start(),
                  1,
                  A_MINUTE,
                  output -> {
                    if (InfoLine.depth(output).isPresent()) {
                      begun.countDown();
                    }
                  });
      FutureTask<?> task = new FutureTask<>(analysis);
      Thread thread = Thread.startVirtualThread(task);
      assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
      return new Search(thread, task);
    }

    void interrupt() {
      thread.interrupt();
    }

    void interruptUntilOver() throws InterruptedException {
      while (!thread.join(Duration.ofMillis(10))) {
        thread.interrupt();
      }
    }

    /** What the search threw, within two seconds of now. */
    Throwable failure() throws Exception {
      try {
        throw new AssertionError("answered " + task.get(2, TimeUnit.SECONDS));
      } catch (ExecutionException e) {
        return e.getCause();
      }
    }
  }
}
