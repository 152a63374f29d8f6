package dev.trunkline.handlers.chess;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/**
 * A chess engine that speaks UCI (the Universal Chess Interface of S. Meyer-Kahlen, 2004), made to
 * answer the same every time: one thread, and nothing remembered from the position before.
 *
 * <p>An engine that fails, hangs, or does not stop when told to is killed before {@link #analyze}
 * returns; {@link #isAlive} then says so. One analysis at a time; {@link #kill} from any thread.
 */
final class UciEngine {

  private final EngineProcess process;
  private final EnginePatience patience;

  private UciEngine(EngineProcess process, EnginePatience patience) {
    this.process = process;
    this.patience = patience;
  }

  /** A running engine that is ready for its first position. */
  static UciEngine start(Path executable, EnginePatience patience)
      throws EngineException, InterruptedException {
    UciEngine engine = new UciEngine(EngineProcess.start(executable), patience);
    engine.orKill(engine::handshake);
    return engine;
  }

  /**
   * The best lines of a legal position, best first; one without moves where the game is over.
   *
   * @param moves how many lines at most
   * @param output told every line that the engine writes while it searches
   * @throws EngineException if the engine dies or hangs
   * @throws InterruptedException if the thread is interrupted; the search has ended then
   */
  List<Line> analyze(Position position, int moves, SearchLimits limits, Consumer<String> output)
      throws EngineException, InterruptedException {
    BestLines best = new BestLines();
    Consumer<String> both =
        line -> {
          InfoLine.parse(line).ifPresent(best::add);
          output.accept(line);
        };
    orKill(() -> setUp(position, moves));
    search(limits, both);
    return answer(best, position.toMove());
  }

  boolean isAlive() {
    return process.isAlive();
  }

  long pid() {
    return process.pid();
  }

  void kill() {
    process.kill();
  }

  private static List<Line> answer(BestLines best, Side toMove) throws EngineException {
    List<Line> lines = best.newest().stream().map(info -> Line.of(info, toMove)).toList();
    if (lines.isEmpty()) {
      throw new EngineException("the chess engine found no line in the time it was given");
    }
    return lines;
  }

  private void handshake() throws EngineException, InterruptedException {
    Deadline deadline = Deadline.in(patience.handshake());
    process.send("uci");
    await("uciok", deadline, line -> {});
    process.send("setoption name Threads value 1");
    awaitReady(deadline);
  }

  private void setUp(Position position, int moves) throws EngineException, InterruptedException {
    process.send("setoption name MultiPV value " + moves);
    process.send("setoption name Clear Hash");
    process.send("ucinewgame");
    awaitReady(Deadline.in(patience.handshake()));
    process.send("position fen " + position.fen());
  }

  private void awaitReady(Deadline deadline) throws EngineException, InterruptedException {
    process.send("isready");
    await("readyok", deadline, line -> {});
  }

  private void search(SearchLimits limits, Consumer<String> output)
      throws EngineException, InterruptedException {
    boolean idle = false;
    try {
      process.send(limits.go());
      await("bestmove", Deadline.in(limits.time().plus(patience.overrun())), output);
      idle = true;
    } catch (InterruptedException interrupted) {
      idle = stops();
      throw interrupted;
    } finally {
      if (!idle) {
        kill();
      }
    }
  }

  /** Whether the engine ends its search when told to, and so can be used again. */
  private boolean stops() throws InterruptedException {
    try {
      process.send("stop");
      await("bestmove", Deadline.in(patience.stop()), line -> {});
      return true;
    } catch (EngineException stuck) {
      return false;
    }
  }

  /** One step of the dialogue with the engine. */
  private interface Step {
    void run() throws EngineException, InterruptedException;
  }

  private void orKill(Step step) throws EngineException, InterruptedException {
    boolean done = false;
    try {
      step.run();
      done = true;
    } finally {
      if (!done) {
        kill();
      }
    }
  }

  private void await(String word, Deadline deadline, Consumer<String> output)
      throws EngineException, InterruptedException {
    String line = process.receive(deadline);
    while (!line.equals(word) && !line.startsWith(word + " ")) {
      output.accept(line);
      line = process.receive(deadline);
    }
  }
}
