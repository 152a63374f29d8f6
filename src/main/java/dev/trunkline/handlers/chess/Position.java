package dev.trunkline.handlers.chess;

/**
 * A chess position as FEN describes one; well-formed, but not checked against the rules.
 *
 * @param squares 64 characters from a8 to h1, {@link #EMPTY} or the letter of a man
 * @param toMove whose turn it is
 * @param castling letters of {@code KQkq}, or {@code -}
 * @param enPassant the square behind a pawn that has just advanced two squares, or {@code -}
 * @param halfmoves since the last capture or pawn move
 * @param fullmove the number of the move to be made, from 1
 */
record Position(
    String squares, Side toMove, String castling, String enPassant, int halfmoves, int fullmove) {

  /** What stands on an empty square. */
  static final char EMPTY = '.';

  /** Where a square is in {@link #squares}; file and rank count from 1. */
  static int index(int file, int rank) {
    return (8 - rank) * 8 + file - 1;
  }

  /** Where a square such as {@code e4} is in {@link #squares}. */
  static int index(String square) {
    return index(square.charAt(0) - 'a' + 1, square.charAt(1) - '0');
  }

  /** The name of a square, such as {@code e4}. */
  static String name(int index) {
    return "" + (char) ('a' + index % 8) + (8 - index / 8);
  }

  /** Whether a square is a light one, as h1 is. */
  static boolean isLight(int index) {
    return (index / 8 + index % 8) % 2 == 0;
  }

  char at(int index) {
    return squares.charAt(index);
  }

  char at(String square) {
    return at(index(square));
  }

  long count(char man) {
    return squares.chars().filter(square -> square == man).count();
  }

  /** Where a side's king stands, or -1. */
  int king(Side side) {
    return squares.indexOf(side.man('K'));
  }

  /**
   * This position in six fields. An engine is only ever told this rendering, never what a client
   * wrote, so that nothing but a position can reach its input.
   */
  String fen() {
    String side = toMove == Side.WHITE ? "w" : "b";
    return String.join(" ", placement(), side, castling, enPassant, "" + halfmoves, "" + fullmove);
  }

  private String placement() {
    String ranks = squares.replaceAll("(.{8})(?!$)", "$1/");
    StringBuilder digits = new StringBuilder();
    ranks.chars().forEach(square -> append(digits, (char) square));
    return digits.toString();
  }

  private static void append(StringBuilder text, char square) {
    int last = text.length() - 1;
    if (square != EMPTY) {
      text.append(square);
    } else if (last >= 0 && Character.isDigit(text.charAt(last))) {
      text.setCharAt(last, (char) (text.charAt(last) + 1));
    } else {
      text.append('1');
    }
  }
}
