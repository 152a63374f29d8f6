package dev.trunkline.execute;

import dev.trunkline.finish.AttemptEnd;
import java.util.Optional;

/**
 * How an attempt ended, and what has been done about it.
 *
 * @param written whether it was the current attempt, where its end has been written already; empty
 *     where it is still to be written
 */
record Conclusion(AttemptEnd end, Optional<Boolean> written) {

  static Conclusion unwritten(AttemptEnd end) {
    return new Conclusion(end, Optional.empty());
  }

  static Conclusion written(AttemptEnd end, boolean current) {
    return new Conclusion(end, Optional.of(current));
  }
}
