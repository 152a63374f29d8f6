package dev.trunkline.remote;

import dev.trunkline.finish.AttemptEnd;
import dev.trunkline.finish.AttemptEnd.Kind;
import dev.trunkline.finish.AttemptEnd.Setback;
import dev.trunkline.remote.HeldSql.Taken;
import dev.trunkline.task.AttemptToken;
import dev.trunkline.task.RetryPolicy;
import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** What the worker of an attempt says at its end. */
sealed interface LeaseEnd {

  AttemptToken attempt();

  /** The end that is written, for what is known of the attempt. */
  AttemptEnd of(Taken taken, RandomGenerator random);

  /** The word of {@link HeldSql#ENDED} for an attempt that has ended this way. */
  String word();

  /**
   * It succeeded.
   *
   * @param result JSON text
   */
  record Complete(AttemptToken attempt, String result) implements LeaseEnd {

    @Override
    public AttemptEnd of(Taken taken, RandomGenerator random) {
      return new AttemptEnd.Success(taken.ran(), result, Optional.empty());
    }

    @Override
    public String word() {
      return "completed";
    }
  }

  /**
   * It failed.
   *
   * @param message for people
   * @param again whether another attempt may help
   * @param delay until the next attempt; the usual backoff where empty
   */
  record Fail(AttemptToken attempt, String message, boolean again, Optional<Duration> delay)
      implements LeaseEnd {

    @Override
    public AttemptEnd of(Taken taken, RandomGenerator random) {
      if (!again) {
        return new Setback(taken.ran(), Kind.REJECTED, message, false, Duration.ZERO);
      }
      Duration pause =
          delay.orElseGet(() -> RetryPolicy.DEFAULT.delayAfter(taken.failures() + 1, random));
      return new Setback(taken.ran(), Kind.FAILED, message, true, pause);
    }

    @Override
    public String word() {
      return "failed";
    }
  }

  /** It is given back, due at once and at no cost. */
  record Release(AttemptToken attempt) implements LeaseEnd {

    @Override
    public AttemptEnd of(Taken taken, RandomGenerator random) {
      String reason = "Given back by its worker.";
      return new Setback(taken.ran(), Kind.RELEASED, reason, true, Duration.ZERO);
    }

    @Override
    public String word() {
      return "released";
    }
  }
}
