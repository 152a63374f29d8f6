package dev.trunkline.claim;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class VainClaimsTest {

  private final VainClaims claims = new VainClaims();

  @Test
  void a_few_in_vain_cost_nothing() {
    inVain(VainClaims.AT_ONCE);
    assertThat(claims.untilNext(Duration.ZERO)).isZero();
  }

  @Test
  void a_storm_of_them_is_held_back_more_and_more() {
    inVain(VainClaims.AT_ONCE + 3);
    assertThat(claims.untilNext(Duration.ZERO)).isEqualTo(Duration.ofMillis(3));
    inVain(1_000);
    assertThat(claims.untilNext(Duration.ZERO)).isEqualTo(VainClaims.LONGEST_PAUSE);
    assertThat(claims.untilNext(Duration.ofMillis(15))).isEqualTo(Duration.ofMillis(5));
  }

  @Test
  void after_a_quiet_time_nothing_waits() {
    inVain(1_000);
    assertThat(claims.untilNext(Duration.ofSeconds(5))).isZero();
  }

  @Test
  void one_that_finds_something_ends_it() {
    inVain(1_000);
    claims.claimed(true);
    assertThat(claims.untilNext(Duration.ZERO)).isZero();
  }

  private void inVain(int times) {
    for (int i = 0; i < times; i++) {
      claims.claimed(false);
    }
  }
}
