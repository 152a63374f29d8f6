package dev.trunkline.handlers.chess;

import static dev.trunkline.handlers.chess.IllegalPositionException.require;

import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * What must hold on the board for a position to be one that a game of standard chess can reach.
 * Necessary conditions, not a proof that a game exists: they keep out what an engine crashes on or
 * answers nonsense for, and the typing errors of people. A position without a legal move passes.
 */
final class PositionRules {

  private PositionRules() {}

  /**
   * The legal position that a FEN describes.
   *
   * @throws IllegalPositionException for the first fault found
   */
  static Position legal(String fen) {
    Position position = Fen.parse(fen);
    men(position, Side.WHITE);
    men(position, Side.BLACK);
    checks(position);
    castling(position, Side.WHITE);
    castling(position, Side.BLACK);
    if (!position.enPassant().equals("-")) {
      enPassant(position);
    }
    return position;
  }

  private static void men(Position position, Side side) {
    long kings = position.count(side.man('K'));
    require(kings > 0, "%s's king is missing", side);
    require(kings == 1, "%s has %d kings", side, kings);
    long pawns = position.count(side.man('P'));
    require(pawns <= 8, "%s has %d pawns, more than 8", side, pawns);
    long men = position.squares().chars().filter(man -> side.owns((char) man)).count();
    require(men <= 16, "%s has %d men, more than 16", side, men);
    promotions(position, side, 8 - pawns);
    IntStream.range(0, 64)
        .filter(at -> position.at(at) == side.man('P'))
        .forEach(PositionRules::pawn);
  }

  private static void pawn(int square) {
    int row = square / 8;
    require(row > 0 && row < 7, "a pawn cannot stand on %s", Position.name(square));
  }

  private static void promotions(Position position, Side side, long missingPawns) {
    long promoted =
        beyond(1, position.count(side.man('Q')))
            + beyond(2, position.count(side.man('R')))
            + beyond(2, position.count(side.man('N')))
            + beyond(1, bishops(position, side, Position::isLight))
            + beyond(1, bishops(position, side, at -> !Position.isLight(at)));
    require(
        promoted <= missingPawns,
        "%s has %d promoted pieces at least, but only %d pawns that could have become one",
        side,
        promoted,
        missingPawns);
  }

  private static long beyond(int atStart, long now) {
    return Math.max(0, now - atStart);
  }

  private static long bishops(Position position, Side side, IntPredicate colour) {
    return IntStream.range(0, 64)
        .filter(at -> position.at(at) == side.man('B'))
        .filter(colour)
        .count();
  }

  private static void checks(Position position) {
    Side turn = position.toMove();
    int files = Math.abs(position.king(turn) % 8 - position.king(turn.other()) % 8);
    int ranks = Math.abs(position.king(turn) / 8 - position.king(turn.other()) / 8);
    require(Math.max(files, ranks) > 1, "the kings stand next to each other");
    require(
        Attacks.count(position, position.king(turn.other()), turn) == 0,
        "%s is in check, but it is %s's turn",
        turn.other(),
        turn);
    int checkers = Attacks.count(position, position.king(turn), turn.other());
    require(checkers <= 2, "%s is in check from %d men, more than two", turn, checkers);
  }

  private static void castling(Position position, Side side) {
    castling(position, side, 0, "kingside", 'h');
    castling(position, side, 1, "queenside", 'a');
  }

  private static void castling(
      Position position, Side side, int letter, String where, char rookFile) {
    if (position.castling().indexOf(side.castlingLetters().charAt(letter)) < 0) {
      return;
    }
    String king = "e" + side.rank(1);
    require(
        position.at(king) == side.man('K'),
        "%s cannot castle %s: its king is not on %s",
        side,
        where,
        king);
    String rook = "" + rookFile + side.rank(1);
    require(
        position.at(rook) == side.man('R'),
        "%s cannot castle %s: there is no rook of its own on %s",
        side,
        where,
        rook);
  }

  private static void enPassant(Position position) {
    String target = position.enPassant();
    Side mover = position.toMove().other();
    String file = target.substring(0, 1);
    require(
        target.equals(file + mover.rank(3)),
        "the en-passant square %s is on the wrong rank when it is %s's turn",
        target,
        position.toMove());
    String pawn = file + mover.rank(4);
    require(
        position.at(pawn) == mover.man('P'),
        "the en-passant square %s needs a pawn of %s on %s",
        target,
        mover,
        pawn);
    String from = file + mover.rank(2);
    require(
        position.at(target) == Position.EMPTY && position.at(from) == Position.EMPTY,
        "the en-passant square %s and the pawn's first square %s must be empty",
        target,
        from);
  }
}
