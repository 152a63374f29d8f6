package dev.trunkline.claim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ClaimSizeTest {

  private final ClaimSize size = new ClaimSize();

  @Test
  void claims_of_large_payloads_take_no_more_than_fits() {
    assertThat(size.most()).isEqualTo(Claim.MOST);

    size.answered(answer(32, true));
    assertThat(size.most()).isEqualTo(32);
    size.answered(answer(32, true));
    assertThat(size.most()).isEqualTo(32);
  }

  @Test
  void after_others_they_take_more_again() {
    size.answered(answer(3_000, true));
    size.answered(answer(0, false));
    assertThat(size.most()).isEqualTo(6_000);

    size.answered(answer(1, false));
    assertThat(size.most()).isEqualTo(Claim.MOST);
  }

  @Test
  void after_one_that_failed_they_take_half_and_never_nothing() {
    size.failed();
    assertThat(size.most()).isEqualTo(Claim.MOST / 2);

    IntStream.range(0, 32).forEach(_ -> size.failed());
    assertThat(size.most()).isEqualTo(1);

    size.answered(answer(1, false));
    assertThat(size.most()).isEqualTo(2);
  }

  private static Claim.Answer answer(int tasks, boolean tooHeavy) {
    return new Claim.Answer(
        Collections.nCopies(tasks, new Claim.Row(null, null, null)),
        Optional.empty(),
        tooHeavy,
        tooHeavy);
  }
}
