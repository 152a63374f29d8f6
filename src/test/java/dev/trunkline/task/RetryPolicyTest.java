package dev.trunkline.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetryPolicyTest {

  private static final Duration LONGEST = RetryPolicy.LONGEST_CAP;

  @ParameterizedTest
  @CsvSource({
    "1, PT1S",
    "2, PT2S",
    "3, PT4S",
    "9, PT4M16S",
    "10, PT8M32S",
    "11, PT10M",
    "12, PT10M",
    "1000, PT10M",
    "2147483647, PT10M",
    "0, PT1S"
  })
  void the_bound_doubles_with_each_failure_up_to_the_cap(int failures, Duration bound) {
    assertThat(RetryPolicy.DEFAULT.delayAfter(failures, new Highest())).isEqualTo(bound);
  }

  @Test
  void the_wait_may_be_nothing() {
    RandomGenerator lowest = () -> 0;
    assertThat(RetryPolicy.DEFAULT.delayAfter(20, lowest)).isZero();
  }

  @Property
  void no_wait_is_negative_or_over_the_cap(
      @ForAll @LongRange(min = 1, max = 316_224_000_000L) long base,
      @ForAll @LongRange(min = 0, max = 316_224_000_000L) long more,
      @ForAll @IntRange(min = 0) int failures,
      @ForAll long seed) {
    Duration cap = Duration.ofMillis(Math.min(base + more, LONGEST.toMillis()));
    RetryPolicy policy = new RetryPolicy(Duration.ofMillis(base), cap);

    assertThat(policy.delayAfter(failures, new Random(seed))).isBetween(Duration.ZERO, cap);
  }

  @Property
  void enough_failures_reach_the_cap_however_small_the_base_is(
      @ForAll @LongRange(min = 1, max = 1_000_000_000L) long nanos) {
    RetryPolicy policy = new RetryPolicy(Duration.ofNanos(nanos), LONGEST);

    assertThat(policy.delayAfter(100, new Highest())).isEqualTo(LONGEST);
  }

  @Test
  void waits_are_spread_over_the_whole_range() {
    Random random = new Random(1);
    long[] quarters = new long[4];
    IntStream.range(0, 4_000)
        .map(i -> (int) (RetryPolicy.DEFAULT.delayAfter(5, random).toMillis() * 4 / 16_001))
        .forEach(quarter -> quarters[quarter]++);

    assertThat(Arrays.stream(quarters)).allMatch(count -> count > 850 && count < 1_150);
  }

  @ParameterizedTest
  @CsvSource({"PT0S, PT1S", "PT-1S, PT1S", "PT2S, PT1S", "PT1S, P3660DT0.001S"})
  void a_policy_that_makes_no_sense_is_refused(Duration base, Duration cap) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new RetryPolicy(base, cap))
        .withMessageContaining(base.toString());
  }

  @Test
  void base_and_cap_may_be_the_same() {
    RetryPolicy policy = new RetryPolicy(LONGEST, LONGEST);
    assertThat(policy.delayAfter(1, new Highest())).isEqualTo(LONGEST);
  }

  /** Answers the greatest number that it may. */
  private static final class Highest implements RandomGenerator {
    @Override
    public long nextLong() {
      throw new UnsupportedOperationException();
    }

    @Override
    public long nextLong(long bound) {
      return bound - 1;
    }
  }
}
