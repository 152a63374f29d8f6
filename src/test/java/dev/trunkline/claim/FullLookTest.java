package dev.trunkline.claim;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class FullLookTest {

  private final FullLook look = new FullLook();

  @Test
  void the_first_claim_is_one() {
    assertThat(look.isDue()).isTrue();
    assertThat(look.untilNext()).isZero();
  }

  @Test
  void it_takes_a_twentieth_of_the_time() {
    look.took(Duration.ofSeconds(1));

    assertThat(look.isDue()).isFalse();
    assertThat(look.untilNext()).isBetween(Duration.ofSeconds(19), Duration.ofSeconds(20));
  }

  @Test
  void however_long_it_took_there_is_one_each_minute() {
    look.took(Duration.ofHours(1));

    assertThat(look.untilNext()).isBetween(Duration.ofSeconds(59), Duration.ofSeconds(60));
  }

  @Test
  void all_claims_of_one_count() {
    look.took(Duration.ofMillis(500));
    look.wentOn(Duration.ofMillis(300));
    look.wentOn(Duration.ofMillis(200));

    assertThat(look.untilNext()).isBetween(Duration.ofSeconds(19), Duration.ofSeconds(20));
    look.took(Duration.ofMillis(500));
    assertThat(look.untilNext()).isBetween(Duration.ofSeconds(9), Duration.ofSeconds(10));
  }

  @Test
  void the_next_one_begins_a_minute_after_the_first_claim_of_the_last() {
    Duration less = Duration.ofMillis(59_950);
    look.took(Duration.ofHours(1));
    Awaitility.await().until(() -> look.untilNext().compareTo(less) < 0);

    look.wentOn(Duration.ofHours(1));

    assertThat(look.untilNext()).isLessThan(less).isPositive();
  }

  @Test
  void one_that_took_no_time_is_due_again_at_once() {
    look.took(Duration.ofHours(1));
    look.took(Duration.ZERO);

    assertThat(look.isDue()).isTrue();
  }
}
