package dev.trunkline.handlers.chess;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One line of play, and what it is worth; exactly one of the scores is there, from White's side
 * whoever is to move. A checkmate on the board is {@code mate_score} 0, a stalemate {@code
 * centipawn_score} 0, both without moves.
 *
 * @param centipawnScore hundredths of a pawn; positive where White is better
 * @param mateScore moves until mate; positive where White mates
 * @param pv the line in UCI notation ({@code e2e4}, {@code e7e8q}), as far as the engine knows it
 */
@RegisterForReflection
@JsonInclude(JsonInclude.Include.ALWAYS)
record Line(
    @JsonProperty("centipawn_score")
        @JsonPropertyDescription("In hundredths of a pawn, from White's side; null at a mate.")
        @Nullable Integer centipawnScore,
    @JsonProperty("mate_score")
        @JsonPropertyDescription("Moves to mate, from White's side; null where there is none.")
        @Nullable Integer mateScore,
    @JsonProperty("pv") @JsonPropertyDescription("The moves, in UCI notation.") List<String> pv) {

  Line {
    pv = List.copyOf(pv);
  }

  /** The line of an engine, whose score is from the side of the player to move. */
  static Line of(InfoLine info, Side toMove) {
    int score = toMove == Side.WHITE ? info.score() : -info.score();
    return info.mate() ? new Line(null, score, info.pv()) : new Line(score, null, info.pv());
  }
}
