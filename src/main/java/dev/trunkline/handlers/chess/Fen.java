package dev.trunkline.handlers.chess;

import static dev.trunkline.handlers.chess.IllegalPositionException.require;

import java.util.regex.Pattern;

/**
 * The reader of Forsyth–Edwards Notation (PGN standard, section 16.1). Six fields, or four without
 * the counters, which then are 0 and 1; more than one space between them is let pass, and so is the
 * move number 0, which many programs write. Anything but printable ASCII is refused, a line break
 * above all.
 */
final class Fen {

  /** More than any FEN needs, the largest counters included. */
  static final int LENGTH_AT_MOST = 120;

  /** The game ends by itself there (FIDE Laws of Chess, 9.6.2). */
  private static final int HALFMOVES_AT_MOST = 150;

  private static final Pattern PRINTABLE = Pattern.compile("[ -~]*");
  private static final Pattern MEN = Pattern.compile("[1-8PNBRQKpnbrqk]*");
  private static final Pattern DIGITS_IN_A_ROW = Pattern.compile("\\d\\d");
  private static final Pattern CASTLING = Pattern.compile("-|(?!.*(.).*\\1)[KQkq]{1,4}");
  private static final Pattern EN_PASSANT = Pattern.compile("-|[a-h][36]");
  private static final Pattern COUNTER = Pattern.compile("[0-9]{1,4}");

  private Fen() {}

  /**
   * The position that a FEN describes.
   *
   * @throws IllegalPositionException for any string that is not FEN
   */
  static Position parse(String fen) {
    require(fen.length() <= LENGTH_AT_MOST, "a FEN has at most %d characters", LENGTH_AT_MOST);
    require(
        PRINTABLE.matcher(fen).matches(),
        "a FEN is one line of plain ASCII text without control characters");
    String[] fields = fen.strip().split(" +");
    require(
        fields.length == 4 || fields.length == 6,
        "a FEN has 6 fields, or 4 without the counters, and not %d",
        fields.length);
    return position(fields);
  }

  private static Position position(String[] fields) {
    return new Position(
        squares(fields[0]),
        side(fields[1]),
        castling(fields[2]),
        enPassant(fields[3]),
        fields.length == 4 ? 0 : halfmoves(fields[4]),
        fields.length == 4 ? 1 : fullmove(fields[5]));
  }

  private static String squares(String placement) {
    String[] ranks = placement.split("/", -1);
    require(ranks.length == 8, "the board has 8 ranks, and not %d", ranks.length);
    StringBuilder squares = new StringBuilder();
    for (int i = 0; i < ranks.length; i++) {
      squares.append(rank(8 - i, ranks[i]));
    }
    return squares.toString();
  }

  private static String rank(int number, String text) {
    require(
        MEN.matcher(text).matches(),
        "rank %d holds something other than the letters PNBRQKpnbrqk and the digits 1 to 8",
        number);
    require(!DIGITS_IN_A_ROW.matcher(text).find(), "rank %d has two digits in a row", number);
    StringBuilder squares = new StringBuilder();
    text.chars().forEach(c -> append(squares, (char) c));
    require(squares.length() == 8, "rank %d has %d squares, and not 8", number, squares.length());
    return squares.toString();
  }

  private static void append(StringBuilder squares, char c) {
    if (Character.isDigit(c)) {
      squares.repeat(Position.EMPTY, c - '0');
    } else {
      squares.append(c);
    }
  }

  private static Side side(String field) {
    require("w".equals(field) || "b".equals(field), "the side to move is w or b");
    return "w".equals(field) ? Side.WHITE : Side.BLACK;
  }

  private static String castling(String field) {
    require(
        CASTLING.matcher(field).matches(),
        "castling rights are - or some of the letters KQkq, each once");
    return field;
  }

  private static String enPassant(String field) {
    require(
        EN_PASSANT.matcher(field).matches(),
        "the en-passant square is - or a square of rank 3 or 6");
    return field;
  }

  private static int halfmoves(String field) {
    int halfmoves = counter(field, "halfmove clock");
    require(halfmoves <= HALFMOVES_AT_MOST, "the halfmove clock is at most %d", HALFMOVES_AT_MOST);
    return halfmoves;
  }

  private static int fullmove(String field) {
    return Math.max(1, counter(field, "move number"));
  }

  private static int counter(String field, String what) {
    require(COUNTER.matcher(field).matches(), "the %s is a whole number from 0 to 9999", what);
    return Integer.parseInt(field);
  }
}
