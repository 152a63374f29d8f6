package dev.trunkline.handlers.chess;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the real engine answers. The expected lines were confirmed by driving Stockfish 15.1 by
 * hand; they are forced, so another version finds the same.
 */
class StockfishTest {

  private static final SearchLimits DEPTH_16 = new SearchLimits(16, Duration.ofSeconds(30));

  private static @Nullable UciEngine started;

  @BeforeAll
  static void start() throws EngineException, InterruptedException {
    started = UciEngine.start(Engines.stockfish(), EnginePatience.DEFAULT);
  }

  @AfterAll
  static void kill() {
    if (started != null) {
      started.kill();
    }
  }

  static Stream<Arguments> positions() {
    return Stream.of(
        mate("the reference", Engines.REFERENCE, -2, "c2c1 e5e1 c1e1"),
        mate("White mates in one", "6k1/5ppp/8/8/8/8/8/R3K3 w Q - 0 1", 1, "a1a8"),
        mate("Black mates in two", "8/8/8/8/8/5k2/4r3/7K b - - 0 1", -2, "f3g3 h1g1 e2e1"),
        mate(
            "White mates in three",
            "r5rk/5p1p/5R2/4B3/8/8/7P/7K w - - 0 1",
            3,
            "f6a6 f7f6 e5f6 g8g7 a6a8"),
        mate("White is to be mated", "8/8/8/8/8/6k1/4r3/7K w - - 0 1", -1, "h1g1 e2e1"),
        mate("Black is to be mated", "7k/4R3/6K1/8/8/8/8/8 b - - 0 1", 1, "h8g8 e7e8"),
        mate("a promotion to a knight", "6br/5Ppk/7p/8/8/8/8/K7 w - - 0 1", 1, "f7f8n"),
        mate(
            "en passant, Gundersen-Faul 1928",
            "r1bq1r2/pp2n3/4N2k/3pPppP/1b1n2Q1/2N5/PP3PP1/R1B1K2R w KQ g6 0 15",
            1,
            "h5g6"),
        mate("castling", "8/8/4Q3/8/7B/5k2/2p5/4K2R w K - 0 1", 1, "e1g1"),
        Arguments.of(
            "a checkmate on the board",
            "rnb1kbnr/pppp1ppp/8/4p3/6Pq/5P2/PPPPP2P/RNBQKBNR w KQkq - 1 3",
            new Line(null, 0, List.of())),
        Arguments.of(
            "a stalemate on the board",
            "7k/5Q2/6K1/8/8/8/8/8 b - - 0 1",
            new Line(0, null, List.of())));
  }

  private static Arguments mate(String what, String fen, int mate, String pv) {
    return Arguments.of(what, fen, new Line(null, mate, List.of(pv.split(" "))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("positions")
  void aPositionHasItsAnswer(String what, String fen, Line line) throws Exception {
    assertThat(analyze(fen, 1)).as(what).containsExactly(line);
  }

  @RepeatedTest(3)
  void theAnswerDoesNotDependOnWhatWasAnalysedBefore() throws Exception {
    List<Line> fresh = analyze(Engines.start().fen(), 2);
    analyze("r1bqkbnr/pppp1ppp/2n5/4p3/4P3/5N2/PPPP1PPP/RNBQKB1R w KQkq - 2 3", 1);
    assertThat(analyze(Engines.start().fen(), 2)).isEqualTo(fresh).hasSize(2);
    assertThat(analyze(Engines.REFERENCE, 1))
        .containsExactly(new Line(null, -2, List.of("c2c1", "e5e1", "c1e1")));
  }

  @Test
  void aSearchByTimeAnswersTheReferenceAlike() throws Exception {
    assertThat(analyze(Engines.REFERENCE, 1, Engines.time(Duration.ofMillis(300))))
        .containsExactly(new Line(null, -2, List.of("c2c1", "e5e1", "c1e1")));
  }

  @Test
  void severalLinesComeBestFirstForWhite() throws Exception {
    assertThat(analyze("8/8/4B3/4Q3/1p6/5k2/8/4K2R w K - 0 1", 3))
        .extracting(Line::mateScore)
        .containsExactly(1, 2, 2);
  }

  @Test
  void severalLinesComeBestFirstForBlack() throws Exception {
    assertThat(analyze("1k1r4/8/8/8/8/8/r7/4K3 b - - 0 1", 3))
        .hasSize(3)
        .allSatisfy(line -> assertThat(line.mateScore()).isEqualTo(-2))
        .extracting(line -> line.pv().getFirst())
        .doesNotHaveDuplicates();
  }

  @Test
  void allMatingMovesAreFound() throws Exception {
    assertThat(analyze("7k/8/6K1/8/8/8/8/RQ6 w - - 0 1", 2))
        .extracting(line -> line.mateScore() + " " + line.pv())
        .containsExactlyInAnyOrder("1 [a1a8]", "1 [b1b8]");
  }

  @Test
  void thereAreNoMoreLinesThanLegalMoves() throws Exception {
    assertThat(analyze("8/8/8/8/8/6k1/4r3/7K w - - 0 1", 50)).hasSize(1);
  }

  @Test
  void bareKingsAreADraw() throws Exception {
    assertThat(analyze("8/8/8/4k3/8/8/8/4K3 w - -", 1))
        .singleElement()
        .extracting(Line::centipawnScore)
        .isEqualTo(0);
  }

  @Test
  void aMillisecondIsEnoughForALine() throws Exception {
    assertThat(analyze(Engines.start().fen(), 1, Engines.time(Duration.ofMillis(1)))).hasSize(1);
  }

  @Test
  void everyPositionOfRandomGamesIsLegal() throws Exception {
    EngineProcess engine = EngineProcess.start(Engines.stockfish());
    Random random = new Random(1);
    try {
      for (int game = 0; game < 10; game++) {
        RandomGame.play(engine, random, fen -> PositionRules.legal(fen));
      }
    } finally {
      engine.kill();
    }
  }

  private static List<Line> analyze(String fen, int moves) throws Exception {
    return analyze(fen, moves, DEPTH_16);
  }

  private static List<Line> analyze(String fen, int moves, SearchLimits limits) throws Exception {
    UciEngine engine = Objects.requireNonNull(started);
    return engine.analyze(PositionRules.legal(fen), moves, limits, output -> {});
  }
}
