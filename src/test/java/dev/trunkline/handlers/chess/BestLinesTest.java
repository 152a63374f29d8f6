package dev.trunkline.handlers.chess;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class BestLinesTest {

  @Test
  void aLineIsReadWhateverElseItTells() {
    String output =
        "info depth 12 seldepth 18 multipv 2 score cp -24 nodes 9 nps 1 hashfull 1 tbhits 0 time 4"
            + " pv d2d4 e7e8q";
    assertThat(InfoLine.parse(output))
        .contains(new InfoLine(12, 2, true, false, -24, List.of("d2d4", "e7e8q")));
  }

  @Test
  void boundsAreToldFromExactScores() {
    assertThat(InfoLine.parse("info depth 6 multipv 1 score cp -81 upperbound nodes 1 pv e2a6"))
        .hasValueSatisfying(line -> assertThat(line.exact()).isFalse());
    assertThat(InfoLine.parse("info depth 6 multipv 1 score mate 3 lowerbound nodes 1 pv e2a6"))
        .hasValueSatisfying(line -> assertThat(line.exact()).isFalse());
  }

  @Test
  void aFinishedGameIsOneLineWithoutMoves() {
    assertThat(last("info depth 0 score mate 0"))
        .containsExactly(new InfoLine(0, 1, true, true, 0, List.of()));
  }

  @Test
  void onlyLinesWithAScoreCount() {
    assertThat(InfoLine.parse("info depth 20 currmove e2e4 currmovenumber 1")).isEmpty();
    assertThat(InfoLine.parse("info string depth 3 score cp 5 pv e2e4")).isEmpty();
    assertThat(InfoLine.depth("info depth 20 currmove e2e4 currmovenumber 1")).hasValue(20);
    assertThat(InfoLine.depth("info seldepth 20 nodes 3")).isEmpty();
    assertThat(InfoLine.depth("bestmove e2e4")).isEmpty();
  }

  @Test
  void theLastCompleteSetWins() {
    assertThat(
            last(
                "info depth 1 multipv 1 score cp 9 pv e2e4",
                "info depth 1 multipv 2 score cp 8 pv d2d4",
                "info depth 2 multipv 1 score cp 7 pv d2d4",
                "info depth 2 multipv 2 score cp 6 pv e2e4"))
        .extracting(InfoLine::score)
        .containsExactly(7, 6);
  }

  @Test
  void aSetThatHoldsABoundOrMixesDepthsDoesNotCount() {
    assertThat(
            last(
                "info depth 5 multipv 1 score cp -67 pv e2a6",
                "info depth 5 multipv 2 score cp -98 pv d5e6",
                "info depth 6 multipv 1 score cp -81 upperbound pv e2a6",
                "info depth 5 multipv 2 score cp -98 pv d5e6",
                "info depth 6 multipv 1 score cp -70 pv d5e6",
                "info depth 5 multipv 2 score cp -67 pv e2a6"))
        .extracting(InfoLine::score)
        .containsExactly(-67, -98);
  }

  @Test
  void aLoneBoundDoesNotReplaceAnExactLine() {
    assertThat(
            last(
                "info depth 5 multipv 1 score cp 20 pv e2e4",
                "info depth 6 multipv 1 score cp 30 lowerbound pv e2e4"))
        .extracting(InfoLine::score)
        .containsExactly(20);
  }

  @Test
  void aSetThatWasCutShortDoesNotReplaceAWholeOne() {
    assertThat(
            last(
                "info depth 5 multipv 1 score cp 2 pv e2a6",
                "info depth 5 multipv 2 score cp 1 pv d5e6",
                "info depth 6 multipv 1 score cp 3 pv e2a6"))
        .hasSize(2);
  }

  @Test
  void scoresAreTurnedToWhitesSide() {
    InfoLine mate = new InfoLine(1, 1, true, true, 2, List.of("c2c1"));
    assertThat(Line.of(mate, Side.BLACK)).isEqualTo(new Line(null, -2, List.of("c2c1")));
    assertThat(Line.of(mate, Side.WHITE)).isEqualTo(new Line(null, 2, List.of("c2c1")));
    InfoLine pawn = new InfoLine(1, 1, true, false, -30, List.of());
    assertThat(Line.of(pawn, Side.BLACK)).isEqualTo(new Line(30, null, List.of()));
  }

  @Property
  void noOutputOfAnEngineBreaksTheReader(@ForAll String any, @ForAll long number) {
    assertThat(InfoLine.parse("info " + any)).isNotNull();
    assertThat(InfoLine.parse("info depth " + number + " score cp " + number + " pv " + any))
        .isNotNull();
  }

  private static List<InfoLine> last(String... output) {
    BestLines lines = new BestLines();
    Stream.of(output).flatMap(line -> InfoLine.parse(line).stream()).forEach(lines::add);
    return lines.newest();
  }
}
