package dev.trunkline.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class SummaryTest {

  @Test
  void theMedianIsTheOneInTheMiddle() {
    assertEquals(new Summary(3, 1, 9, 5, "ms"), Summary.of(List.of(9.0, 1.0, 3.0, 2.0, 4.0), "ms"));
  }

  @Test
  void orTheMeanOfTheTwoInTheMiddle() {
    assertEquals(new Summary(2.5, 1, 4, 4, ""), Summary.of(List.of(4.0, 1.0, 3.0, 2.0), ""));
  }

  @Test
  void numbersHaveThreeDigitsThatCount() {
    assertEquals("35,700", Numbers.of(35_678.9));
    assertEquals("4.21", Numbers.of(4.2149));
    assertEquals("0.0123", Numbers.of(0.012345));
    assertEquals("0", Numbers.of(0));
    assertEquals("1.31 ×", Numbers.ratio(1.3149));
  }
}
