package dev.trunkline.claim;

import dev.trunkline.database.StoreException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;

/**
 * Remembers what was asked of it last. Takes its time for a look from the beginning, so that the
 * next one is not due at once.
 */
final class WatchedClaimer extends Claimer {

  Claim.Request last;

  /** What comes before a look. */
  Runnable atLook = () -> {};

  /** How long a claim takes that fails; none does where it is empty. */
  Optional<Duration> failsAfter = Optional.empty();

  /** Whether what it brings is said to have been too heavy for more. */
  boolean tooHeavy;

  WatchedClaimer(DataSource dataSource) {
    super(dataSource);
  }

  @Override
  Claim.Answer claim(Claim.Request request) {
    last = request;
    if (request.from().isEmpty()) {
      LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
      atLook.run();
    }
    if (failsAfter.isPresent()) {
      LockSupport.parkNanos(failsAfter.get().toNanos());
      fail();
    }
    Claim.Answer answer = super.claim(request);
    return tooHeavy ? new Claim.Answer(answer.rows(), answer.nextDue(), true, true) : answer;
  }

  static void fail() {
    throw new StoreException(new SQLException("it took too long"));
  }
}
