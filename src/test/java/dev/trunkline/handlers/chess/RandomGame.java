package dev.trunkline.handlers.chess;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/** A game of random moves; Stockfish tells which are legal ({@code go perft 1}) and the FEN. */
final class RandomGame {

  private static final int HALFMOVES = 120;

  private RandomGame() {}

  static void play(EngineProcess engine, Random random, Consumer<String> fens) throws Exception {
    StringBuilder moves = new StringBuilder("position startpos moves");
    for (int i = 0; i < HALFMOVES; i++) {
      engine.send(moves.toString());
      engine.send("d");
      List<String> board = until(engine, "Checkers:");
      board.stream()
          .filter(line -> line.startsWith("Fen: "))
          .forEach(line -> fens.accept(line.substring(5)));
      List<String> legal = legalMoves(engine);
      if (legal.isEmpty()) {
        return;
      }
      moves.append(' ').append(legal.get(random.nextInt(legal.size())));
    }
  }

  private static List<String> legalMoves(EngineProcess engine) throws Exception {
    engine.send("go perft 1");
    return until(engine, "Nodes searched:").stream()
        .filter(line -> line.matches("[a-h][1-8][a-h][1-8][qrbn]?: 1"))
        .map(line -> line.substring(0, line.indexOf(':')))
        .toList();
  }

  private static List<String> until(EngineProcess engine, String last) throws Exception {
    List<String> lines = new ArrayList<>();
    do {
      lines.add(engine.receive(Deadline.in(Duration.ofSeconds(20))));
    } while (!lines.getLast().startsWith(last));
    return lines;
  }
}
