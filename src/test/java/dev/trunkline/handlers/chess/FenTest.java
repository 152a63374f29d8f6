package dev.trunkline.handlers.chess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FenTest {

  private static final String START = "rnbqkbnr/pppppppp/8/8/8/8/PPPPPPPP/RNBQKBNR w KQkq - 0 1";

  @ParameterizedTest
  @ValueSource(
      strings = {
        START,
        "8/8/6P1/4R3/8/6k1/2r5/6K1 b - - 0 1",
        "rnbqkbnr/pppp1ppp/8/8/3Pp3/5N2/PPP1PPPP/RNBQKB1R b Kq d3 0 3",
        "r3k2r/8/8/8/8/8/8/R3K2R w KQkq - 150 9999"
      })
  void aPositionIsWrittenAsItWasRead(String fen) {
    assertThat(Fen.parse(fen).fen()).isEqualTo(fen);
  }

  @Test
  void theCountersMayBeLeftOut() {
    assertThat(Fen.parse("8/8/8/4k3/8/8/8/4K3 b - -").fen())
        .isEqualTo("8/8/8/4k3/8/8/8/4K3 b - - 0 1");
  }

  @Test
  void spacesAroundAndBetweenFieldsAndTheMoveNumberZeroAreLetPass() {
    assertThat(Fen.parse(" 8/8/8/4k3/8/8/8/4K3  w - -   7 0 ").fen())
        .isEqualTo("8/8/8/4k3/8/8/8/4K3 w - - 7 1");
  }

  @Test
  void squaresAreCountedFromA8() {
    Position position = Fen.parse(START);
    assertThat(position.at("a8")).isEqualTo('r');
    assertThat(position.at("e1")).isEqualTo('K');
    assertThat(position.at("e4")).isEqualTo(Position.EMPTY);
    assertThat(Position.name(Position.index("c6"))).isEqualTo("c6");
    assertThat(Position.isLight(Position.index("h1"))).isTrue();
    assertThat(Position.isLight(Position.index("a1"))).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''|has 6 fields, or 4",
        "8/8/8/4k3/8/8/8/4K3|has 6 fields, or 4 without the counters, and not 1",
        "8/8/8/4k3/8/8/8/4K3 w - - 0|and not 5",
        "8/8/8/4k3/8/8/8/4K3 w - - 0 1 2|and not 7",
        "8/8/8/4k3/8/8/4K3 w - - 0 1|the board has 8 ranks, and not 7",
        "8/8/8/8/4k3/8/8/8/4K3 w - - 0 1|the board has 8 ranks, and not 9",
        "8/8/8/4k3/8/8//4K3 w - - 0 1|rank 2 has 0 squares",
        "8/8/8/4k4/8/8/8/4K3 w - - 0 1|rank 5 has 9 squares, and not 8",
        "8/8/8/4k2/8/8/8/4K3 w - - 0 1|rank 5 has 7 squares, and not 8",
        "8/8/8/4k12/8/8/8/4K3 w - - 0 1|rank 5 has two digits in a row",
        "8/8/8/4x3/8/8/8/4K3 w - - 0 1|rank 5 holds something other than",
        "8/8/8/4k3/9/8/8/4K3 w - - 0 1|rank 4 holds something other than",
        "8/8/8/4k3/8/8/8/4K3 W - - 0 1|the side to move is w or b",
        "8/8/8/4k3/8/8/8/4K3 w KK - 0 1|castling rights",
        "8/8/8/4k3/8/8/8/4K3 w HA - 0 1|castling rights",
        "8/8/8/4k3/8/8/8/4K3 w K- - 0 1|castling rights",
        "8/8/8/4k3/8/8/8/4K3 w - e4 0 1|the en-passant square is - or",
        "8/8/8/4k3/8/8/8/4K3 w - i3 0 1|the en-passant square is - or",
        "8/8/8/4k3/8/8/8/4K3 w - - -1 1|the halfmove clock is a whole number",
        "8/8/8/4k3/8/8/8/4K3 w - - 151 99|the halfmove clock is at most 150",
        "8/8/8/4k3/8/8/8/4K3 w - - x 1|the halfmove clock is a whole number",
        "8/8/8/4k3/8/8/8/4K3 w - - 0 10000|the move number is a whole number",
        "8/8/8/4k3/8/8/8/4K3 w - - 0 1.5|the move number is a whole number"
      })
  void whatIsNotFenIsRefusedWithItsReason(String fen, String reason) {
    assertThatThrownBy(() -> Fen.parse(fen))
        .isInstanceOf(IllegalPositionException.class)
        .hasMessageContaining(reason);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\n", "\r", "\t", "\0", "\u001b", "\u0085", "\u2028", "\u00a0", "é"})
  void nothingButPrintableAsciiReachesAnEngine(String intruder) {
    assertThatThrownBy(() -> Fen.parse(START + intruder + "quit"))
        .isInstanceOf(IllegalPositionException.class)
        .hasMessageContaining("one line of plain ASCII text");
    assertThatThrownBy(() -> Fen.parse(START + intruder))
        .isInstanceOf(IllegalPositionException.class);
  }

  @Test
  void aLongTextIsRefusedUnread() {
    assertThatThrownBy(() -> Fen.parse(START + " ".repeat(1_000_000)))
        .hasMessage("a FEN has at most 120 characters");
  }

  @Property
  void noStringMakesTheReaderThrowAnythingButItsRefusal(@ForAll String any) {
    assertThat(readsOrRefuses(any)).isTrue();
  }

  @Property(tries = 5_000)
  void noNearlyValidStringDoesEither(@ForAll("nearlyFen") String any) {
    assertThat(readsOrRefuses(any)).isTrue();
  }

  @Property(tries = 5_000)
  void whatIsReadIsWrittenInOneStableForm(@ForAll("mutatedFen") String any) {
    try {
      String written = PositionRules.legal(any).fen();
      assertThat(written).matches("[A-Za-z0-9/ -]+");
      assertThat(PositionRules.legal(written).fen()).isEqualTo(written);
    } catch (IllegalPositionException refusal) {
      assertThat(refusal.reason()).isNotBlank();
    }
  }

  @Provide
  Arbitrary<String> nearlyFen() {
    return Arbitraries.strings().withChars("KQRBNPkqrbnp12345678/ w-be36aAh0\n").ofMaxLength(100);
  }

  @Provide
  Arbitrary<String> mutatedFen() {
    return Arbitraries.of('K', 'k', 'P', 'p', 'Q', '1', '8', '/', ' ', '-', 'w', 'b', '{', '\n')
        .list()
        .ofMaxSize(3)
        .flatMap(
            men ->
                Arbitraries.integers()
                    .between(0, START.length() - 1)
                    .list()
                    .ofSize(men.size())
                    .map(
                        places -> {
                          StringBuilder fen = new StringBuilder(START);
                          for (int i = 0; i < men.size(); i++) {
                            fen.setCharAt(places.get(i), men.get(i));
                          }
                          return fen.toString();
                        }));
  }

  private static boolean readsOrRefuses(String any) {
    try {
      PositionRules.legal(any);
      return true;
    } catch (IllegalPositionException refusal) {
      return !refusal.reason().isBlank();
    }
  }
}
