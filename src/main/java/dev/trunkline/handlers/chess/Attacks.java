package dev.trunkline.handlers.chess;

/** Who attacks a square: looks outwards from it for men that could capture there. */
final class Attacks {

  private static final int[][] LINES = {{0, 1}, {0, -1}, {1, 0}, {-1, 0}};
  private static final int[][] DIAGONALS = {{1, 1}, {1, -1}, {-1, 1}, {-1, -1}};
  private static final int[][] JUMPS = {
    {1, 2}, {2, 1}, {-1, 2}, {-2, 1}, {1, -2}, {2, -1}, {-1, -2}, {-2, -1}
  };

  private Attacks() {}

  /** How many men of a side attack a square; pins are not looked at, they give check as well. */
  static int count(Position position, int square, Side by) {
    return far(position, square, LINES, by.man('R'), by.man('Q'))
        + far(position, square, DIAGONALS, by.man('B'), by.man('Q'))
        + near(position, square, JUMPS, by.man('N'))
        + near(position, square, LINES, by.man('K'))
        + near(position, square, DIAGONALS, by.man('K'))
        + near(position, square, pawns(by), by.man('P'));
  }

  /** Where a side's pawns stand that attack a square: one rank below it, as that side counts. */
  private static int[][] pawns(Side by) {
    int down = by == Side.WHITE ? -1 : 1;
    return new int[][] {{1, down}, {-1, down}};
  }

  private static int near(Position position, int square, int[][] steps, char man) {
    int found = 0;
    for (int[] step : steps) {
      int target = step(square, step);
      found += target >= 0 && position.at(target) == man ? 1 : 0;
    }
    return found;
  }

  private static int far(Position position, int square, int[][] steps, char man, char queen) {
    int found = 0;
    for (int[] step : steps) {
      char first = first(position, square, step);
      found += first == man || first == queen ? 1 : 0;
    }
    return found;
  }

  private static char first(Position position, int square, int[] step) {
    int target = step(square, step);
    while (target >= 0 && position.at(target) == Position.EMPTY) {
      target = step(target, step);
    }
    return target < 0 ? Position.EMPTY : position.at(target);
  }

  /** The square one step (files, ranks) away, or -1 where the board ends. */
  private static int step(int square, int[] step) {
    int file = square % 8 + 1 + step[0];
    int rank = 8 - square / 8 + step[1];
    boolean onBoard = file >= 1 && file <= 8 && rank >= 1 && rank <= 8;
    return onBoard ? Position.index(file, rank) : -1;
  }
}
