package dev.trunkline.handlers.chess;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.validation.ConstraintViolation;
import jakarta.validation.Validation;
import jakarta.validation.Validator;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LegalPositionTest {

  private static final String KINGS = "8/8/8/4k3/8/8/8/4K3 w - - 0 1";

  @SuppressWarnings("resource") // the factory lives as long as the tests
  private static final Validator VALIDATOR =
      Validation.buildDefaultValidatorFactory().getValidator();

  @Test
  void aLegalPositionHasNoViolation() {
    assertThat(faults(new AnalyzePayload(KINGS, null, null, null))).isEmpty();
    assertThat(faults(new AnalyzePayload(KINGS, 50, 0.5, 100))).isEmpty();
  }

  @Test
  void anIllegalOneHasExactlyOneWithTheReasonAtTheFen() {
    assertThat(faults(new AnalyzePayload("8/8/8/4k3/8/8/8/8 w - - 0 1", null, null, null)))
        .containsExactly("fen: White's king is missing");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{", "}", "${1+1}", "\\", "{0}", "8/8/8/{/8/8/8/4K3 w - - 0 1"})
  void textThatLooksLikeAnExpressionIsNeitherEvaluatedNorRepeated(String fen) {
    assertThat(faults(new AnalyzePayload(fen, null, null, null)))
        .singleElement()
        .asString()
        .doesNotContain("{", "\\");
  }

  @Property
  void everyStringIsJudged(@ForAll String fen) {
    assertThat(faults(new AnalyzePayload(fen, null, null, null))).hasSizeLessThanOrEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "0,,,numMovesToReturn",
    "51,,,numMovesToReturn",
    ",0,,timeLimit",
    ",-1,,timeLimit",
    ",86401,,timeLimit",
    ",Infinity,,timeLimit",
    ",NaN,,timeLimit",
    ",,0,depthLimit",
    ",,101,depthLimit"
  })
  void numbersOutOfRangeAreRefused(
      @Nullable Integer moves, @Nullable Double time, @Nullable Integer depth, String at) {
    assertThat(faults(new AnalyzePayload(KINGS, moves, time, depth)))
        .isNotEmpty()
        .allSatisfy(fault -> assertThat(fault).startsWith(at + ": "));
  }

  private static List<String> faults(AnalyzePayload payload) {
    return VALIDATOR.validate(payload).stream().map(LegalPositionTest::fault).toList();
  }

  private static String fault(ConstraintViolation<?> violation) {
    return violation.getPropertyPath() + ": " + violation.getMessage();
  }
}
