package dev.trunkline.claim;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class UnansweredClaimsTest {

  private long nanos = Long.MAX_VALUE - 5;
  private final UnansweredClaims claims = new UnansweredClaims(() -> nanos);

  @Test
  void a_claim_is_remembered_until_its_age_tells() {
    UUID first = UUID.randomUUID();
    UUID second = UUID.randomUUID();
    claims.add(first);
    pass(Duration.ofSeconds(74));
    claims.add(second);
    assertThat(claims.all()).containsExactly(first, second);

    pass(Duration.ofSeconds(1));
    assertThat(claims.all()).containsExactly(second);

    pass(Duration.ofSeconds(74));
    assertThat(claims.all()).isEmpty();
  }

  @Test
  void of_many_the_last_hundred_are_remembered() {
    UUID first = UUID.randomUUID();
    UUID second = UUID.randomUUID();
    claims.add(first);
    claims.add(second);
    for (int i = 0; i < 99; i++) {
      claims.add(UUID.randomUUID());
    }

    assertThat(claims.all()).hasSize(100).contains(second).doesNotContain(first);
  }

  private void pass(Duration time) {
    nanos += time.toNanos();
  }
}
