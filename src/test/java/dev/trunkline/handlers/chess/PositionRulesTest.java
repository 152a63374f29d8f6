package dev.trunkline.handlers.chess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PositionRulesTest {

  @ParameterizedTest(name = "{1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "8/8/8/4k3/8/8/8/8 w - - 0 1|White's king is missing",
        "8/8/8/8/8/8/8/4K3 w - - 0 1|Black's king is missing",
        "8/8/8/4k3/8/8/8/K3K3 w - - 0 1|White has 2 kings",
        "k1k5/8/8/4k3/8/8/8/4K3 w - - 0 1|Black has 3 kings",
        "P7/8/8/4k3/8/8/8/4K3 w - - 0 1|a pawn cannot stand on a8",
        "8/8/8/4k3/8/8/8/p3K3 w - - 0 1|a pawn cannot stand on a1",
        "8/8/8/4k3/8/P7/PPPPPPPP/4K3 w - - 0 1|White has 9 pawns, more than 8",
        "rnbqkbnr/pppppppp/p7/8/8/8/8/4K3 b - - 0 1|Black has 9 pawns, more than 8",
        "4k3/8/8/8/8/NNN5/PPPPPPP1/RNBQKBNR w - - 0 1|White has 18 men, more than 16",
        "4k3/8/8/8/8/8/PPPPPPPP/QQ2K3 w - - 0 1|White has 1 promoted pieces at least, but only 0",
        "rrrrk3/ppppppp1/8/8/8/8/8/4K3 b - - 0 1|Black has 2 promoted pieces at least, but only 1",
        "4k3/8/8/8/8/8/PPPPPPPP/2BNK1B1 w - - 0 1|White has 1 promoted pieces at least, but only 0",
        "8/8/8/8/8/8/4k3/4K3 w - - 0 1|the kings stand next to each other",
        "8/8/8/8/8/3k4/4K3/8 b - - 0 1|the kings stand next to each other",
        "4k3/8/8/8/8/8/4R3/4K3 w - - 0 1|Black is in check, but it is White's turn",
        "4k3/8/8/8/8/8/3p4/4K3 b - - 0 1|White is in check, but it is Black's turn",
        "4k3/8/8/8/7b/8/8/4K3 b - - 0 1|White is in check, but it is Black's turn",
        "4k3/8/3N4/8/8/8/8/4K3 w - - 0 1|Black is in check, but it is White's turn",
        "4k3/3P4/8/8/8/8/8/4K3 w - - 0 1|Black is in check, but it is White's turn",
        "4k3/8/8/8/4r3/3n4/8/q3K3 w - - 0 1|White is in check from 3 men, more than two",
        "4k3/8/8/8/8/8/8/3K3R w K - 0 1|White cannot castle kingside: its king is not on e1",
        "4k3/8/8/8/8/8/8/4K2R w Q - 0 1|White cannot castle queenside: there is no rook of its"
            + " own on a1",
        "3k3r/8/8/8/8/8/8/4K3 w k - 0 1|Black cannot castle kingside: its king is not on e8",
        "R3k3/8/8/8/8/8/8/4K3 b q - 0 1|Black cannot castle queenside: there is no rook of its"
            + " own on a8",
        "4k3/8/8/8/4P3/8/8/4K3 w - e3 0 1|the en-passant square e3 is on the wrong rank when it"
            + " is White's turn",
        "4k3/8/8/4p3/8/8/8/4K3 b - e6 0 1|the en-passant square e6 is on the wrong rank when it"
            + " is Black's turn",
        "4k3/8/8/8/8/8/8/4K3 b - d3 0 1|the en-passant square d3 needs a pawn of White on d4",
        "4k3/8/8/3P4/8/8/8/4K3 w - d6 0 1|the en-passant square d6 needs a pawn of Black on d5",
        "4k3/8/3n4/3p4/8/8/8/4K3 w - d6 0 1|the en-passant square d6 and the pawn's first square"
            + " d7 must be empty",
        "4k3/8/8/8/3P4/8/3N4/4K3 b - d3 0 1|the en-passant square d3 and the pawn's first square"
            + " d2 must be empty"
      })
  void anIllegalPositionIsRefusedWithItsReason(String fen, String reason) {
    assertThatThrownBy(() -> PositionRules.legal(fen))
        .isInstanceOf(IllegalPositionException.class)
        .hasMessageStartingWith(reason);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "the start|rnbqkbnr/pppppppp/8/8/8/8/PPPPPPPP/RNBQKBNR w KQkq - 0 1",
        "the reference|8/8/6P1/4R3/8/6k1/2r5/6K1 b - - 0 1",
        "en passant for Black|rnbqkbnr/ppp1pppp/8/8/3pP3/8/PPPP1PPP/RNBQKBNR b KQkq e3 0 3",
        "en passant for White|rnbqkbnr/ppp1p1pp/8/3pPp2/8/8/PPPP1PPP/RNBQKBNR w KQkq f6 0 3",
        "en passant that nobody can take|rnbqkbnr/pppppppp/8/8/P7/8/1PPPPPPP/RNBQKBNR b KQkq a3 0"
            + " 1",
        "a check by the pawn that may be taken|8/8/8/2k5/3Pp3/8/8/4K3 b - d3 0 1",
        "all castling rights|r3k2r/8/8/8/8/8/8/R3K2R b KQkq - 0 1",
        "castling rights in another order|r3k2r/8/8/8/8/8/8/R3K2R b qkQK - 0 1",
        "castling rights of one side|r3k3/8/8/8/8/8/8/4K3 w q - 0 1",
        "a second queen with seven pawns|4k3/8/8/8/8/8/PPPPPPP1/QQ2K3 w - - 0 1",
        "an under-promoted knight|4k3/8/8/8/8/NNN5/1PPPPPPP/4K3 w - - 0 1",
        "two dark bishops with seven pawns|4k3/8/8/8/8/8/PPPPPPP1/B1BNK3 w - - 0 1",
        "a double check|4k3/8/3N4/8/8/8/4R3/4K3 b - - 0 1",
        "the side to move in check|4k3/8/8/8/8/8/4r3/4K3 w - - 0 1",
        "a checkmate|rnb1kbnr/pppp1ppp/8/4p3/6Pq/5P2/PPPPP2P/RNBQKBNR w KQkq - 1 3",
        "a stalemate|7k/5Q2/6K1/8/8/8/8/8 b - - 0 1",
        "nothing but kings|8/8/8/4k3/8/8/8/4K3 w - -",
        "a blocked attack on the king|4k3/4p3/8/8/8/8/4R3/4K3 w - - 0 1",
        "pawns behind a king do not attack it|8/8/8/8/4k3/3P1P2/8/4K3 b - - 0 1",
        "pawns in front of a king do not attack it backwards|8/8/8/3P1P2/4k3/8/8/4K3 w - - 0 1",
        "attacks do not wrap round the edge|7k/R7/8/8/8/8/8/K7 w - - 0 1"
      })
  void aLegalPositionIsAccepted(String what, String fen) {
    assertThat(PositionRules.legal(fen).squares()).as(what).hasSize(64);
  }
}
