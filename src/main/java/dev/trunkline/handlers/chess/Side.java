package dev.trunkline.handlers.chess;

/** One of the two players. Men are written as in FEN: White's in capitals, Black's in small. */
enum Side {
  WHITE("White", "KQ"),
  BLACK("Black", "kq");

  private final String label;
  private final String castlingLetters;

  Side(String label, String castlingLetters) {
    this.label = label;
    this.castlingLetters = castlingLetters;
  }

  Side other() {
    return this == WHITE ? BLACK : WHITE;
  }

  /** This side's man of a kind, such as {@code k} for Black's {@code K}. */
  char man(char kind) {
    return this == WHITE ? kind : Character.toLowerCase(kind);
  }

  boolean owns(char man) {
    return Character.isLetter(man) && Character.isUpperCase(man) == (this == WHITE);
  }

  /** The FEN letters for castling kingside and queenside. */
  String castlingLetters() {
    return castlingLetters;
  }

  /** A rank as this side counts: 1 is where its king starts. */
  int rank(int own) {
    return this == WHITE ? own : 9 - own;
  }

  @Override
  public String toString() {
    return label;
  }
}
