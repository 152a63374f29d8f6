package dev.trunkline.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ClientBucketsTest {

  private final Clock clock = new Clock();
  private final ClientBuckets buckets = new ClientBuckets(10, 3, clock);

  @Test
  void soManyAreTakenAtOnceAndThenOneForEachPartOfASecond() {
    assertThat(taken("a", 3)).isEqualTo(3);

    assertThat(buckets.take("a")).contains(Duration.ofMillis(100));
    clock.pass(Duration.ofMillis(60));
    assertThat(buckets.take("a")).contains(Duration.ofMillis(40));
    clock.pass(Duration.ofMillis(40));
    assertThat(buckets.take("a")).isEmpty();
    assertThat(buckets.take("a")).contains(Duration.ofMillis(100));
  }

  @Test
  void whoWaitsForLongHasNoMoreThanTheBurst() {
    assertThat(taken("a", 3)).isEqualTo(3);

    clock.pass(Duration.ofHours(1));

    assertThat(taken("a", 10)).isEqualTo(3);
  }

  @Test
  void aClientHasABucketOfItsOwn() {
    assertThat(taken("a", 10)).isEqualTo(3);
    assertThat(taken("b", 10)).isEqualTo(3);
  }

  @Test
  void whoeverMakesUpClientsFillsNoMemory() {
    IntStream.range(0, 2 * ClientBuckets.CLIENTS_REMEMBERED).forEach(i -> buckets.take("c" + i));

    assertThat(buckets.clients()).isLessThanOrEqualTo(ClientBuckets.CLIENTS_REMEMBERED);
  }

  private long taken(String client, int asked) {
    return IntStream.range(0, asked).filter(_ -> buckets.take(client).isEmpty()).count();
  }

  private static final class Clock implements TimeMeter {

    private long nanos = 1;

    void pass(Duration time) {
      nanos += time.toNanos();
    }

    @Override
    public long currentTimeNanos() {
      return nanos;
    }

    @Override
    public boolean isWallClockBased() {
      return false;
    }
  }
}
