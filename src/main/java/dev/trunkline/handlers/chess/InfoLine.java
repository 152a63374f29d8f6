package dev.trunkline.handlers.chess;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An engine's {@code info} line that carries a score (UCI protocol, "info").
 *
 * @param depth how deep it was searched, in half-moves
 * @param rank its place among the best lines, from 1
 * @param exact false for a bound, which the engine is about to search again
 * @param mate whether the score counts moves to mate instead of centipawns
 * @param score from the side of the player to move
 * @param pv the moves of the line; none where the game is over
 */
record InfoLine(int depth, int rank, boolean exact, boolean mate, int score, List<String> pv) {

  private static final Pattern DEPTH = Pattern.compile(" depth (\\d{1,4})\\b");
  private static final Pattern RANK = Pattern.compile(" multipv (\\d{1,4})\\b");
  private static final Pattern SCORE =
      Pattern.compile(" score (cp|mate) (-?\\d{1,8})\\b( lowerbound| upperbound)?");
  private static final Pattern PV =
      Pattern.compile(" pv ((?:[a-h][1-8][a-h][1-8][qrbn]?(?: |$))+)");

  /** The score that a line of output carries, if it does. */
  static Optional<InfoLine> parse(String output) {
    Matcher score = SCORE.matcher(output);
    if (!isInfo(output) || !score.find()) {
      return Optional.empty();
    }
    return Optional.of(
        new InfoLine(
            depth(output).orElse(0),
            number(RANK, output).orElse(1),
            score.group(3) == null,
            "mate".equals(score.group(1)),
            Integer.parseInt(score.group(2)),
            moves(output)));
  }

  /** The depth that a line of output tells, if it does. */
  static OptionalInt depth(String output) {
    return isInfo(output) ? number(DEPTH, output) : OptionalInt.empty();
  }

  private static boolean isInfo(String output) {
    return output.startsWith("info ") && !output.startsWith("info string");
  }

  private static OptionalInt number(Pattern pattern, String output) {
    Matcher found = pattern.matcher(output);
    return found.find() ? OptionalInt.of(Integer.parseInt(found.group(1))) : OptionalInt.empty();
  }

  private static List<String> moves(String output) {
    Matcher found = PV.matcher(output);
    return found.find() ? List.of(found.group(1).strip().split(" ")) : List.of();
  }
}
